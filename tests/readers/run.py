#!/usr/bin/env python3
"""Reads the reports for pipelines with tools that others wrote.

usage: run.py --bin PATH/sfcompat [--into DIR]

SARIF: Microsoft's Multitool (npm), with its rules for the standard and for GitHub; JUnit: the schema of Jenkins by xmlschema, and
junitparser (PyPI); CSV: papaparse (npm, JavaScript); GitLab: the schema by jsonschema (PyPI); the README's workflows: the schemas
of check-jsonschema (PyPI). Everything is installed into --into. It is skipped, with the reason, only where a registry is out of
reach; whatever fails is a failure."""
import argparse, csv, json, pathlib, re, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SAMPLE = ROOT / "sample-data"
LONG = 600  # seconds
HOSTILE = ["]]><x/>", "::error::x", "##vso[task.complete result=Succeeded;]", "<script>alert(1)</script>", "a\nb\r\nc", "\u202ea\ufeff", "=1+1", "{0} [x](http://e.example)", "\U0001f600 100%"]
READ_CSV = "const p=require('papaparse');const t=require('fs').readFileSync(process.argv[1],'utf8');const r=p.parse(t,{skipEmptyLines:true});if(r.errors.length){console.error(r.errors[0]);process.exit(1)}console.log(JSON.stringify(r.data))"


def run(*command, **options):
    return subprocess.run([str(part) for part in command], text=True, capture_output=True, timeout=LONG, **options)


def install(into):
    """Python and node modules, or the reason why they cannot be had."""
    python = into / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", into / "venv"], check=True)
    done = run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "junitparser>=4,<6", "xmlschema>=4,<5", "jsonschema>=4,<5", "check-jsonschema>=0.30,<1")
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    (into / "node").mkdir(exist_ok=True)
    done = run("npm", "install", "--silent", "--no-save", "--prefix", into / "node", "@microsoft/sarif-multitool@5", "papaparse@5")
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["npm failed"])[-1]
    return python, None


def reports(binary, into):
    """A folder of reports for each kind of run."""
    quoted = lambda text: '"' + text.replace('"', '""') + '"'
    (into / "hostile.csv").write_text("\n".join(["username,profile,role"] + [",".join([quoted(f"{text}{n}@acme.example"), quoted(text), quoted(text)]) for n, text in enumerate(HOSTILE)]) + "\n", encoding="utf-8", newline="")
    (into / "many.csv").write_text("username,profile,role\n" + "".join(f"user{n}@acme.example,No Profile {n},No Role\n" for n in range(6_000)))
    for name in ("assignments.csv", "assignments-clean.csv"):
        (into / name).write_bytes((SAMPLE / name).read_bytes())
    found = []
    for name, arguments in {
        "usual": ["check", "assignments.csv"],
        "rows": ["check", "assignments.csv", "--junit-cases", "rows", "--fail-on", "notice"],
        "clean": ["check", "assignments-clean.csv"],
        "hostile": ["check", "hostile.csv"],
        "many": ["check", "many.csv"],
        "preflight": ["preflight"],
        "import": ["import-check"],
    }.items():
        folder = into / name
        folder.mkdir(exist_ok=True)
        targets = [part for kind in ("sarif", "junit", "gitlab", "csv", "json") for part in ("--output", f"{kind}={folder / ('report.' + kind)}")]
        done = run(binary, *arguments, "--snapshot", SAMPLE / "org", "--no-config", "--format", "github", *targets, cwd=into)
        assert done.returncode in (0, 1, 5), done.stderr
        found.append((name, folder, done.returncode))
    return found


def main():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    p.add_argument("--bin", required=True, type=pathlib.Path)
    p.add_argument("--into", type=pathlib.Path)
    a = p.parse_args()
    binary = a.bin.resolve()
    into = (a.into or pathlib.Path(tempfile.mkdtemp())).resolve()
    into.mkdir(parents=True, exist_ok=True)
    python, reason = install(into)
    if reason:
        print(f"left out: the readers of others cannot be installed: {reason}")
        return
    found = reports(binary, into)
    tool = into / "node/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    passed = 0
    for name, folder, code in found:
        done = run(tool, "validate", folder / "report.sarif", "--rule-kind", "Sarif;Ghas", "--output", folder / "validated.sarif", "--log", "ForceOverwrite")
        told = json.loads((folder / "validated.sarif").read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
        # The program has no page of its own yet to point to (informationUri).
        wrong = [line for line in told if line.get("level", "warning") == "error" or line["ruleId"] != "SARIF2005"]
        assert done.returncode == 0 and not wrong, f"{name}: {done.stdout}{wrong[:3]}"
        rows = json.loads(run("node", "-e", READ_CSV, folder / "report.csv", cwd=into / "node", check=True).stdout)
        ours = list(csv.reader(open(folder / "report.csv", newline="", encoding="utf-8"), strict=True))
        assert rows == ours, f"{name}: JavaScript and Python read the CSV differently"
        passed += 2
    check = f"""
import json, jsonschema, junitparser, pathlib, xmlschema
schema = xmlschema.XMLSchema({str(ROOT / 'tests/schemas/junit-10.xsd')!r})
issues = json.load(open({str(ROOT / 'tests/schemas/gitlab-code-quality.json')!r}))
for name, folder, code in {[(name, str(folder), code) for name, folder, code in found]!r}:
    file = pathlib.Path(folder, "report.junit")
    schema.validate(str(file))
    suites = junitparser.JUnitXml.fromfile(str(file))
    cases = [case for suite in suites for case in suite]
    assert suites.tests == len(cases), name
    failed = sum(isinstance(end, junitparser.Failure) for case in cases for end in case.result)
    errors = sum(isinstance(end, junitparser.Error) for case in cases for end in case.result)
    assert (failed, errors) == (suites.failures, suites.errors), name
    assert (failed > 0) == (code == 1) and (errors > 0 or code != 5), (name, code)
    assert len({{(case.classname, case.name) for case in cases}}) == len(cases), name
    jsonschema.validate(json.loads(pathlib.Path(folder, "report.gitlab").read_text()), issues)
"""
    done = run(python, "-c", check)
    assert done.returncode == 0, done.stderr
    passed += 2 * len(found)
    readme = (ROOT / "README.md").read_text()
    blocks = re.findall(r"```yaml\n(# (\S+)\n.*?)```", readme, re.S)
    assert len(blocks) >= 3, "the README shows workflows"
    for text, name in blocks:
        kind = "github-workflows" if name.startswith(".github/") else {".gitlab-ci.yml": "gitlab-ci", "azure-pipelines.yml": "azure-pipelines"}[name]
        (into / "workflow.yml").write_text(text)
        done = run(into / "venv/bin/check-jsonschema", "--builtin-schema", f"vendor.{kind}", into / "workflow.yml")
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        passed += 1
    print(f"readers of others: {passed} reports and workflows read")


if __name__ == "__main__":
    main()
