#!/usr/bin/env python3
"""Looks at the HTML report with a real browser: headless Chromium, driven by Selenium, audited by axe-core.

usage: run.py --bin PATH/sfcompat [--into DIR]

Checks: nothing on the console, no request, filters and paging work, hostile cells stay text, the heat map is walked by
keyboard, axe-core finds no violation (light and dark), a page of 50,000 findings stays usable. Leaves screenshots in --into.
Needs Python 3.11, npm, chromium and chromedriver (Debian: chromium, chromium-driver); Selenium and axe-core are installed
into --into. It is skipped, with the reason, only where a registry is out of reach; whatever fails is a failure."""
import argparse, json, os, pathlib, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE.parent.parent / "sample-data"
LONG = 600  # seconds
HOSTILE = ['<script>document.title="owned"</script>', '"><img src=x onerror=alert(1)>', "</script><b>x</b>", "=1+1", "a\u202eb", "&lt;&amp;", "{{7*7}}", "' onmouseover='alert(1)"]


def install(into):
    """Where Selenium's Python and axe-core's text are, or the reason why they cannot be had."""
    python = into / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", into / "venv"], check=True)
    done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "selenium>=4.20,<5"], text=True, capture_output=True, timeout=LONG)
    if done.returncode:
        return None, None, (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    axe = into / "axe/node_modules/axe-core/axe.min.js"
    if not axe.exists():
        (into / "axe").mkdir(exist_ok=True)
        done = subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", into / "axe", "axe-core@4"], text=True, capture_output=True, timeout=LONG)
        if done.returncode:
            return None, None, (done.stderr.strip().splitlines() or ["npm failed"])[-1]
    return python, axe, None


def reports(binary, into):
    """The pages to look at: a usual one, one of hostile cells, one of 50,000 findings and more, one of a preflight."""
    def check(name, *arguments):
        page = into / f"{name}.html"
        done = subprocess.run([binary, *arguments, "--snapshot", SAMPLE / "org", "--no-config", "--output", f"html={page}", "--format", "json"], cwd=into, text=True, capture_output=True)
        assert done.returncode in (0, 1, 5), done.stderr
        (into / f"{name}.json").write_text(done.stdout)
        return page

    hostile = into / "hostile.csv"
    lines = ["username,profile,role,email"]
    quoted = lambda text: '"' + text.replace('"', '""') + '"'
    lines += [",".join(quoted(cell) for cell in (f"{text}{n}@acme.example", text, text, text)) for n, text in enumerate(HOSTILE)]
    hostile.write_text("\n".join(lines) + "\n", encoding="utf-8")
    many = into / "many.csv"
    many.write_text("username,profile,role\n" + "".join(f"user{n}@acme.example,No Profile {n},No Role {n}\n" for n in range(30_000)))
    return {
        "usual": check("usual", "check", SAMPLE / "assignments.csv"),
        "hostile": check("hostile", "check", hostile),
        "many": check("many", "check", many),
        "preflight": check("preflight", "preflight"),
    }


def main():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    p.add_argument("--bin", required=True)
    p.add_argument("--into")
    a = p.parse_args()
    into = pathlib.Path(a.into or tempfile.mkdtemp()).resolve()
    into.mkdir(parents=True, exist_ok=True)
    python, axe, why = install(into)
    if why:
        print(f"skipped: the registry of Python or npm is out of reach: {why}")
        return
    pages = reports(os.path.abspath(a.bin), into)
    done = subprocess.run([python, HERE / "look.py", axe, into, *(f"{name}={page}" for name, page in pages.items())])
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
