"""What a browser sees of the reports that run.py has written. usage: look.py AXE.js FOLDER NAME=PAGE..."""
import base64, json, pathlib, sys, time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

AXE, FOLDER = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), pathlib.Path(sys.argv[2])
PAGES = dict(pair.split("=", 1) for pair in sys.argv[3:])
SLOW = 5  # seconds that nobody waits for a filter


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path="/usr/bin/chromedriver")
    return webdriver.Chrome(options=options, service=service)


class Page:
    def __init__(self, driver, name):
        self.driver, self.name = driver, name
        driver.get_log("performance"), driver.get_log("browser")
        start = time.monotonic()
        driver.get(pathlib.Path(PAGES[name]).as_uri())
        self.took = time.monotonic() - start
        self.findings = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["findings"]

    def one(self, id):
        return self.driver.find_element(By.ID, id)

    def status(self, id="find-status"):
        return self.one(id).text

    def wait(self, what, message):
        WebDriverWait(self.driver, SLOW, poll_frequency=0.05).until(lambda _: what(), message)

    def search(self, text, id="find-text"):
        box = self.one(id)
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.DELETE if text == "" else text)

    def quiet(self):
        """Nothing was said on the console, and nothing but the page itself was asked for."""
        said = self.driver.get_log("browser")
        assert not said, f"{self.name}: console: {said}"
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        assert asked == [pathlib.Path(PAGES[self.name]).as_uri()], f"{self.name}: requests: {asked}"

    def axe(self):
        for scheme in ("light", "dark"):
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            # The driver evaluates outside of the page's policy, which lets in no other script.
            self.driver.execute_script(AXE)
            found = self.driver.execute_async_script("const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations));")
            told = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]
            assert not told, f"{self.name} ({scheme}): axe-core: {told}"
            self.driver.save_screenshot(str(FOLDER / f"{self.name}-{scheme}.png"))
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def filters(page):
    total = len(page.findings)
    assert page.status().startswith(f"{total} findings found"), page.status()
    errors = sum(f["severity"] == "error" for f in page.findings)
    for box in ("warning", "notice"):
        page.driver.find_element(By.CSS_SELECTOR, f"#all-findings input[value={box}]").click()
    page.wait(lambda: page.status().startswith(f"{errors} findings"), "severities filter")
    for box in ("warning", "notice"):
        page.driver.find_element(By.CSS_SELECTOR, f"#all-findings input[value={box}]").click()
    rule = page.findings[0]["rule"]
    Select(page.one("find-rule")).select_by_value(rule)
    of_rule = sum(f["rule"] == rule for f in page.findings)
    page.wait(lambda: page.status().startswith(f"{of_rule} finding"), "rules filter")
    Select(page.one("find-rule")).select_by_value("")
    user = next(f["user"] for f in page.findings if f.get("user"))
    page.search(user)
    page.wait(lambda: page.status() != "" and int(page.status().split()[0]) < total, "texts filter")
    shown = page.driver.find_elements(By.CSS_SELECTOR, "#find-list > li")
    assert shown and all(user in card.text for card in shown[:3]), [card.text for card in shown[:3]]
    # A card opens by keyboard and tells the rest.
    summary = shown[0].find_element(By.TAG_NAME, "summary")
    summary.send_keys(Keys.ENTER)
    page.wait(lambda: "fingerprint" in shown[0].text, "details open")
    page.search("nothing has this text")
    page.wait(lambda: page.status().startswith("0 findings"), "an empty result is said")
    # A rule of the list of causes leads to its findings.
    page.driver.find_element(By.CSS_SELECTOR, "button.rule").click()
    page.wait(lambda: not page.status().startswith("0 "), "a cause leads to its findings")


def heat_map(page):
    grid = page.one("grid")
    cells = grid.find_elements(By.CSS_SELECTOR, "td")
    assert cells, "the heat map has cells"
    stop = grid.find_element(By.CSS_SELECTOR, 'td[tabindex="0"]')
    page.driver.execute_script("arguments[0].focus()", stop)
    stop.send_keys(Keys.ARROW_RIGHT)
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    page.wait(lambda: "reason" in page.one("grid-detail").text and "verdict" in page.one("grid-detail").text, "a cell tells its reason")
    stops = grid.find_elements(By.CSS_SELECTOR, 'td[tabindex="0"]')
    assert len(stops) == 1, "one stop of the Tab key"
    kinds = page.driver.find_elements(By.CSS_SELECTOR, "#grid-kinds button")
    assert len(kinds) >= 4, [kind.text for kind in kinds]
    for kind in kinds:
        kind.click()
        assert kind.get_attribute("aria-pressed") == "true"
        assert grid.find_elements(By.CSS_SELECTOR, "td"), kind.text
    page.search("nothing has this text", "grid-text")
    page.wait(lambda: page.status("grid-status").startswith("0 lines"), "the map is filtered")
    page.search("", "grid-text")
    page.wait(lambda: not page.status("grid-status").startswith("0 lines"), "the map is whole again")


def changes(page):
    assert "found" in page.status("change-status"), page.status("change-status")
    cards = page.driver.find_elements(By.CSS_SELECTOR, "#change-list > li")
    cards[0].find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    page.wait(lambda: "→" in cards[0].text, "a user's changes are shown")
    page.search("nothing has this text", "change-text")
    page.wait(lambda: page.status("change-status").startswith("0 users"), "changes are filtered")
    page.search("", "change-text")


def hostile(page):
    driver = page.driver
    assert driver.title.startswith("sfcompat"), driver.title
    for tag in ("img", "b", "iframe", "object"):
        assert not driver.find_elements(By.TAG_NAME, tag), tag
    assert len(driver.find_elements(By.CSS_SELECTOR, "script:not([type])")) == 1
    text = driver.find_element(By.TAG_NAME, "body").text
    for part in ('<script>document.title="owned"</script>', "onerror=alert(1)>", "{{7*7}}"):
        assert part in text, part
    assert "\u202e" not in text, "characters that turn text are written out"


def many(page):
    assert page.took < 30, f"opens in {page.took:.1f} s"
    assert page.status().startswith("50,000 findings found, 100 shown"), page.status()
    start = time.monotonic()
    page.search("user29")
    page.wait(lambda: not page.status().startswith("50,000"), "filters 50,000 in time")
    took = time.monotonic() - start
    before = len(page.driver.find_elements(By.CSS_SELECTOR, "#find-list > li"))
    page.one("find-more").click()
    assert len(page.driver.find_elements(By.CSS_SELECTOR, "#find-list > li")) > before
    footer = page.driver.find_element(By.TAG_NAME, "footer").text
    assert "not in the list of single findings" in footer, footer
    print(f"50,000 findings: open after {page.took:.1f} s, filtered after {took:.1f} s")


def main():
    driver = browser()
    try:
        for name, looks in {"usual": [filters, heat_map, changes], "hostile": [hostile], "many": [many], "preflight": []}.items():
            page = Page(driver, name)
            for look in looks:
                look(page)
            page.quiet()
            if name != "many":
                page.axe()
            if name == "usual":
                pdf = driver.print_page()
                assert len(base64.b64decode(pdf)) > 10_000, "it prints"
                driver.set_window_size(1280, 4200)
                driver.save_screenshot(str(FOLDER / "usual-long.png"))
                driver.set_window_size(1280, 1000)
            print(f"{name}: fine")
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
