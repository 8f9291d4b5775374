"""simple-salesforce against the fake org.  usage: ss.py URL TOKEN USERNAME KEY EXPIRING_URL EXPIRING_TOKEN

simple-salesforce builds https addresses only; an adapter on its session sends them to the given address instead.
Nothing else of it is changed."""
import sys
from urllib.parse import urlsplit, urlunsplit

import requests
from simple_salesforce import Salesforce, SalesforceLogin
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed, SalesforceExpiredSession, SalesforceMalformedRequest, SalesforceResourceNotFound)

URL, TOKEN, USERNAME, KEY, EXPIRING_URL, EXPIRING_TOKEN = sys.argv[1:]
VERSION = "65.0"


class Loopback(requests.adapters.HTTPAdapter):
    def __init__(self, target):
        self.target = urlsplit(target)
        super().__init__()

    def send(self, request, **options):
        url = urlsplit(request.url)
        request.url = urlunsplit((self.target.scheme, self.target.netloc, url.path, url.query, ""))
        return super().send(request, **options)


def session(url):
    made = requests.Session()
    made.mount("https://", Loopback(url))
    return made


def refused(kind, call):
    try:
        call()
    except kind as fault:
        return fault
    raise AssertionError(f"no {kind.__name__}")


sf = Salesforce(session_id=TOKEN, instance_url=f"https://{urlsplit(URL).netloc}", session=session(URL), version=VERSION)

users = sf.query_all("SELECT Id, Username, Profile.UserLicense.Name FROM User")
assert users["totalSize"] == len(users["records"]) == len({u["Id"] for u in users["records"]}) == 426
assert any(u["Profile"] and u["Profile"]["UserLicense"]["Name"] == "Salesforce" for u in users["records"])
assert len(list(sf.query_all_iter("SELECT Id FROM User", include_deleted=True))) == 426
page = sf.query("SELECT Id FROM User")
assert not page["done"] and len(page["records"]) == 100
assert len(sf.query_more(page["nextRecordsUrl"], identifier_is_url=True)["records"]) == 100
assert sf.query("SELECT COUNT() FROM Profile")["totalSize"] == 51
print("query and paging")

fields = {f["name"]: f for f in sf.User.describe()["fields"]}
assert fields["ProfileId"]["referenceTo"] == ["Profile"] and fields["Username"]["length"] == 80
assert {"User", "Profile", "PermissionSet"} <= {o["name"] for o in sf.describe()["sobjects"]}
assert sf.User.get(users["records"][0]["Id"])["Username"] == users["records"][0]["Username"]
assert sf.limits()["DailyApiRequests"]["Max"] > 0
assert sf.api_usage["api-usage"].used > 0, sf.api_usage
print("describe, record, limits")

fault = refused(SalesforceMalformedRequest, lambda: sf.query("SELECT BadField FROM Profile"))
assert fault.content[0]["errorCode"] == "INVALID_FIELD" and "ERROR at Row:1:Column:8" in fault.content[0]["message"]
fault = refused(SalesforceMalformedRequest, lambda: sf.query("SELECT Id FROM XYZZY"))
assert fault.content[0]["errorCode"] == "INVALID_TYPE"
refused(SalesforceResourceNotFound, lambda: sf.User.get("005000000000001"))
refused(Exception, lambda: sf.User.update(users["records"][0]["Id"], {"Title": "x"}))
print("errors")

rows = "".join(part if i == 0 else part.split("\n", 1)[1] for i, part in enumerate(sf.bulk2.User.query("SELECT Id, Username FROM User")))
lines = rows.strip().split("\n")
assert lines[0].replace('"', "") == "Id,Username" and len(set(lines)) == 427, len(lines)
print("bulk over two parts")

found = sf.toolingexecute("query/", params={"q": "SELECT Permission, RequiredPermission FROM PermissionDependency"})
assert found["totalSize"] == 18
print("tooling")

old = Salesforce(session_id=EXPIRING_TOKEN, instance_url=f"https://{urlsplit(EXPIRING_URL).netloc}", session=session(EXPIRING_URL), version=VERSION)
refused(SalesforceExpiredSession, lambda: old.query_all("SELECT Id FROM User"))
print("expired session")

by_secret = Salesforce(consumer_key="ck", consumer_secret="cs", domain="acme.my", session=session(URL), version=VERSION)
assert by_secret.query("SELECT COUNT() FROM User")["totalSize"] == 426
by_key = Salesforce(username=USERNAME, consumer_key="ck", privatekey_file=KEY, domain="test", session=session(URL), version=VERSION)
assert by_key.query("SELECT COUNT() FROM User")["totalSize"] == 426
refused(SalesforceAuthenticationFailed, lambda: SalesforceLogin(session=session(URL), consumer_key="ck", consumer_secret="wrong", domain="acme.my"))
refused(SalesforceAuthenticationFailed, lambda: SalesforceLogin(session=session(URL), username="nobody@x.example", consumer_key="ck", privatekey_file=KEY, domain="test"))
print("client credentials and JWT")

refused(SalesforceAuthenticationFailed, lambda: SalesforceLogin(session=session(URL), username=USERNAME, password="p", security_token="t"))
refused(SalesforceAuthenticationFailed, lambda: SalesforceLogin(session=session(URL), username=USERNAME, password="p", consumer_key="ck", consumer_secret="cs", domain="acme.my"))
print("password refused, by SOAP and by OAuth")
