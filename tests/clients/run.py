#!/usr/bin/env python3
"""Drives the fake org with clients that others wrote: simple-salesforce, jsforce, the Salesforce CLI.

usage: run.py --bin PATH/sfcompat [--into DIR] [--only simple-salesforce,jsforce,sf]

The clients are installed into --into (default: a temporary folder). A client is skipped only where its registry is out
of reach, and the reason is printed; a client that fails is a failure. Needs Python 3.11 and openssl; npm for the last two."""
import argparse, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WANTED = {"simple-salesforce": ["simple-salesforce>=1.12.10,<2"], "jsforce": ["jsforce@3.10.16"], "sf": ["@salesforce/cli@2"]}
NODE = "node@24"  # for the CLI, where the node that is there is too old for it
LONG = 900  # seconds; the CLI is some hundred packages


class Org:
    """A running fake org, until the block ends."""

    def __init__(self, binary, scenario):
        self.process = subprocess.Popen([binary, "demo", "--port", "0", "--log", "--scenario", scenario], stdout=subprocess.PIPE, stderr=open(scenario + ".log", "w"), text=True)
        text = ""
        for line in self.process.stdout:
            text += line
            if line.startswith("curl "):
                break
        found = [re.search(pattern, text) for pattern in (r"SFCOMPAT_INSTANCE_URL=(\S+)", r"SFCOMPAT_ACCESS_TOKEN='(\S+)'", r"You are (\S+)\. ")]
        if None in found:
            sys.exit(f"the fake org did not start: {text}")
        self.url, self.token, self.username = (match.group(1) for match in found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def install(name, into):
    """What runs the client, or the reason why it cannot be had."""
    if name == "simple-salesforce":
        python = os.path.join(into, "venv/bin/python")
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", os.path.join(into, "venv")], check=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *WANTED[name]], text=True, capture_output=True, timeout=LONG)
        return python, None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]
    if not shutil.which("npm"):
        return None, "npm is not installed"
    folder = os.path.join(into, name)
    os.makedirs(folder, exist_ok=True)
    wanted = WANTED[name] + ([NODE] if name == "sf" and node_version() < 22 else [])
    done = subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, *wanted], text=True, capture_output=True, timeout=LONG)
    runs = folder if name == "jsforce" else os.path.join(folder, "node_modules/.bin/sf")
    return runs, None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["npm failed"])[-1]


def reachable(name, into):
    """Whether the registry answers at all."""
    if name == "simple-salesforce":
        python = os.path.join(into, "venv/bin/python")
        probe = [python, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--dest", os.path.join(into, "probe"), "pip"]
    elif shutil.which("npm"):
        probe = ["npm", "ping", "--silent"]
    else:
        return False
    return subprocess.run(probe, capture_output=True, timeout=LONG).returncode == 0


def node_version():
    told = subprocess.run(["node", "--version"], text=True, capture_output=True).stdout
    return int(told.lstrip("v").split(".")[0] or 0)


def main():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    p.add_argument("--bin", required=True)
    p.add_argument("--into")
    p.add_argument("--only", default=",".join(WANTED))
    a = p.parse_args()
    binary = os.path.abspath(a.bin)
    failed = []
    with tempfile.TemporaryDirectory(prefix="sfcompat-clients-") as work:
        into = os.path.abspath(a.into or work)
        os.makedirs(into, exist_ok=True)
        key = os.path.join(work, "jwt.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", os.path.join(work, "jwt.pub")], check=True, capture_output=True)
        for scenario in ("demo.toml", "expiring.toml"):
            shutil.copy(os.path.join(HERE, scenario), work)
        for name in a.only.split(","):
            print(f"-- {name}", flush=True)
            runs, reason = install(name, into)
            if reason and not reachable(name, into):
                print(f"skipped: the registry of {WANTED[name][0]} is out of reach: {reason}")
                continue
            if reason:
                print(f"{WANTED[name][0]} cannot be installed: {reason}")
                failed.append(name)
                continue
            with Org(binary, os.path.join(work, "demo.toml")) as org, Org(binary, os.path.join(work, "expiring.toml")) as expiring:
                home = os.path.join(work, "home")
                os.makedirs(home, exist_ok=True)
                command = {
                    "simple-salesforce": [runs, f"{HERE}/ss.py", org.url, org.token, org.username, key, expiring.url, expiring.token],
                    "jsforce": ["node", f"{HERE}/jsf.mjs", str(runs), org.url, org.token, expiring.url],
                    "sf": [sys.executable, f"{HERE}/cli.py", str(runs), org.url, org.token, org.username, key, home],
                }[name]
                if subprocess.run(command).returncode:
                    failed.append(name)
                    with open(os.path.join(work, "demo.toml.log")) as log:
                        print("the last requests:", *log.readlines()[-15:], sep="\n  ")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


main()
