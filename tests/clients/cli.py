"""The Salesforce CLI against the fake org.  usage: cli.py SF URL TOKEN USERNAME KEY HOME"""
import json, os, subprocess, sys

SF, URL, TOKEN, USERNAME, KEY, HOME = sys.argv[1:]
ENV = {
    # A newer node may lie beside the CLI.
    "PATH": os.path.dirname(SF) + os.pathsep + os.environ["PATH"], "HOME": HOME, "SF_ACCESS_TOKEN": TOKEN, "SF_DISABLE_TELEMETRY": "true", "SF_AUTOUPDATE_DISABLE": "true",
    "SF_SKIP_NEW_VERSION_CHECK": "true", "SF_USE_GENERIC_UNIX_KEYCHAIN": "true", "SF_DNS_TIMEOUT": "1", "SF_DISABLE_LOG_FILE": "true",
}


def run(*arguments, fails=False):
    ended = subprocess.run([SF, *arguments], env=ENV, cwd=HOME, text=True, capture_output=True, timeout=180)
    assert (ended.returncode != 0) == fails, f"{arguments}: exit {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def told(*arguments, fails=False):
    return json.loads(run(*arguments, "--json", fails=fails))


made = told("org", "login", "access-token", "--instance-url", URL, "--no-prompt", "--alias", "fake")["result"]
assert made["username"] == USERNAME, made
print("login by token")

shown = told("org", "display", "-o", "fake")["result"]
assert shown["connectedStatus"] == "Connected" and shown["instanceUrl"].rstrip("/") == URL, shown
assert told("org", "auth", "show-access-token", "-o", "fake")["result"]["accessToken"].startswith("00D")
print("display and show-access-token")

found = told("data", "query", "-o", "fake", "-q", "SELECT Id, Name, Profile.Name FROM User")["result"]
assert found["totalSize"] == len(found["records"]) == 426, found["totalSize"]
table = run("data", "query", "-o", "fake", "-q", "SELECT Name, TotalLicenses FROM UserLicense")
assert "Salesforce Platform" in table and "TOTALLICENSES" in table.upper(), table
assert told("data", "query", "-o", "fake", "-q", "SELECT BadField FROM User", fails=True)["name"] == "INVALID_FIELD"
tooling = told("data", "query", "-o", "fake", "--use-tooling-api", "-q", "SELECT Permission FROM PermissionDependency")["result"]
assert tooling["totalSize"] == 18
print("data query")

described = told("sobject", "describe", "-o", "fake", "-s", "User")["result"]
assert any(field["name"] == "FederationIdentifier" for field in described["fields"])
assert any(limit["name"] == "DailyApiRequests" for limit in told("org", "list", "limits", "-o", "fake")["result"])
assert json.loads(run("api", "request", "rest", "/services/data/v65.0/limits", "-o", "fake"))["DailyApiRequests"]["Max"] > 0
print("describe, limits, api request")

file = os.path.join(HOME, "users.csv")
run("data", "export", "bulk", "-o", "fake", "-q", "SELECT Id, Username FROM User", "--output-file", file, "--wait", "2", "--result-format", "csv")
with open(file) as lines:
    assert sum(1 for _ in lines) == 427
print("bulk export over two parts")

# The CLI keeps one login for each username: this one replaces the first.
signed = told("org", "login", "jwt", "--client-id", "ck", "--jwt-key-file", KEY, "--username", USERNAME, "--instance-url", URL, "--alias", "signed")["result"]
assert signed["username"] == USERNAME, signed
assert told("data", "query", "-o", "signed", "-q", "SELECT COUNT() FROM User")["result"]["totalSize"] == 426
print("login by JWT")
