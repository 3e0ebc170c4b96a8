"""The report page in a real browser: check.py KEIRETSU [RUN_FOLDER]

Runs three scenarios, opens their pages, and compares what they show with the CSV files. Says what it left out
where no browser is installed; needs Python and Chromium, nothing else."""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from browser import Browser, find

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNS = {
    "main": ["scenarios/honda-nissan-mitsubishi.toml", "--replications", "600"],
    "one region": ["scenarios/minimal.toml", "--replications", "300"],
    "many worlds": ["scenarios/us-tariffs.toml", "--replications", "64"],
    "one draw": ["tests/scenarios/ferries.toml", "--replications", "1"],
}
MOST_BYTES = 800_000
EVERYWHERE = ["shares", "difference", "winners", "sources", "market", "prices", "profits", "fit", "any", "assumptions"]
FIELDS = ["n", "mean", "p05", "p25", "p50", "p75", "p95"]

# Every number of the page under the keys of the CSV files, as [value, decimals].
NUMBERS = """
unpack().then(run => {
  const rows = (fields, columns, kind, name) => run.keys.flatMap((key, k) => run.years.map((year, y) => [
    [...name, key.outcome.name, key.region, key.who, key.powertrain, String(year)].join("|"),
    key.outcome.decimals[kind], fields.map((field, f) => columns[f][k * run.span + y]).map(v => Number.isNaN(v) ? null : v)]));
  return JSON.stringify({
    levels: run.levels.flatMap((columns, world) => rows(LEVEL, columns, 0, [run.worlds[world].key])),
    changes: run.changes.flatMap((conditions, at) => run.condition_names.flatMap((name, c) =>
      rows(CHANGE, conditions[Math.min(c, conditions.length - 1)], 1, [run.worlds[run.compared[at]].key, name]))),
  });
})
"""


def read(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def agree(value, text, decimals):
    """Whether the page's value is the CSV's, rounded."""
    if value is None or text == "":
        return value is None and text == ""
    exact = float(text)
    return abs(value - exact) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + abs(exact) * 1e-12


def numbers_agree(browser, folder):
    page = json.loads(browser.evaluate(NUMBERS))
    count = 0
    for name, keys, fields, rows in [
        ("outcomes.csv", ["world"], FIELDS, page["levels"]),
        ("comparison.csv", ["world", "condition"], FIELDS + ["prob_gain", "prob_loss"], page["changes"]),
    ]:
        shown = {key: (decimals, values) for key, decimals, values in rows}
        table = read(folder, name)
        for row in table:
            key = "|".join(row[k] for k in keys + ["outcome", "region", "manufacturer", "powertrain", "year"])
            decimals, values = shown.pop(key)
            for field, value in zip(fields, values):
                own = 0 if field == "n" else 4 if field.startswith("prob") else decimals
                # Rows without a draw have no figures, not even n.
                text = "" if row["n"] == "0" else row[field]
                assert agree(value, text, own), f"{name}: {key} {field}: {value} is not {row[field]}"
                count += 1
        left = [key for key, (_, values) in shown.items() if values[1] is not None]
        assert not left, f"not in {name}: {left[:3]}"
    return count


def reasons_agree(browser, folder):
    """What the page knows of channels and drivers is what their tables say."""
    page = json.loads(browser.evaluate("""unpack().then(run => JSON.stringify({
        attribution: run.attribution.map(row => ({ ...row, world: run.worlds[row.world].key })),
        sensitivity: run.sensitivity.map(row => ({ ...row, world: run.worlds[row.world].key })) }))"""))
    where = lambda row: (row["world"], row["region"], row["manufacturer"], row["year"])
    channels = {where(row) + (row["channel"],): float(row["mean"]) for row in read(folder, "attribution.csv") if row["outcome"] == "share" and not row["powertrain"]}
    known = {(r["world"], r["region"], r["who"], str(r["year"]), channel): e[0] for r in page["attribution"] for channel, e in r["parts"] + [["total", r["total"]]]}
    assert known and known == channels, "the page's channels are not those of attribution.csv"
    drivers = {}
    for row in read(folder, "sensitivity.csv"):
        drivers.setdefault(where(row), []).append([float(row[name]) for name in ["mean_if_low", "mean_if_high", "first_order"]])
    for row in page["sensitivity"]:
        of_table = drivers[(row["world"], row["region"], row["who"], str(row["year"]))]
        assert all(driver[1:4] in of_table for driver in row["drivers"]), row


def click_through(browser, change):
    """Changes a selector as a user does; what each section then says."""
    control, value = change
    browser.evaluate(f"(() => {{ const c = document.getElementById('{control}'); c.value = {json.dumps(value)}; c.dispatchEvent(new Event('change')); }})()")


def sections(browser):
    return browser.evaluate("Object.fromEntries([...document.querySelectorAll('#sections > section')].map(s => [s.id, s.innerHTML]))")


def all_drawn(browser, where):
    for figure in browser.evaluate("""[...document.querySelectorAll('figure')].map(f => ({
        of: f.closest('section').id, label: f.querySelector('svg').getAttribute('aria-label'), shapes: f.querySelectorAll('path, circle, rect.bar').length,
        wrong: /NaN|Infinity|undefined/.test(f.innerHTML), said: f.querySelector('.readout').textContent, width: f.clientWidth }))"""):
        name = f"{where}: {figure['of']}: {figure['label']}"
        assert figure["shapes"] and figure["width"] > 100, f"nothing drawn in {name}"
        assert not figure["wrong"], f"a figure that is no number in {name}"
        assert figure["said"], f"nothing is read out in {name}"


def opens_without_a_word(browser, page, where):
    """No message, no request but the page itself."""
    browser.open(page.as_uri())
    for event in browser.events:
        method, parameters = event["method"], event.get("params", {})
        assert method not in ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"], f"{where}: {parameters}"
        if method == "Network.requestWillBeSent":
            asked = parameters["request"]["url"]
            assert asked in [page.as_uri(), "about:blank"], f"{where}: asked for {asked}"


def selectors_work(browser, page, folder):
    """Each selector changes what depends on it, is in the address, and the address brings it back."""
    all_of = ["shares", "difference", "winners", "sources", "market", "prices", "profits", "any"]
    why = ["sensitivity"]
    changes = {
        ("world", "2"): all_of[:4] + ["profits"] + why,
        ("region", "China"): all_of[:5] + ["prices"] + why,
        ("year", "2030"): all_of,
        ("condition", "1"): ["difference", "winners"],
        ("maker", "Honda"): ["shares", "difference", "profits", "prices"],
        ("outcome", "rnd"): ["any"],
    }
    for change, depend in changes.items():
        before = sections(browser)
        click_through(browser, change)
        after = sections(browser)
        for name in depend:
            assert before[name] != after[name], f"{change} changes nothing in {name}"
        assert before["assumptions"] == after["assumptions"], f"{change} changes the assumptions"
        all_drawn(browser, str(change))
    address = browser.evaluate("location.hash")
    assert address == "#world=merger&region=China&year=2030&condition=survives&maker=Honda&outcome=rnd", address
    shown = sections(browser)
    browser.open(page.as_uri() + address)
    again = sections(browser)
    differing = [name for name in shown if name != "assumptions" and shown[name] != again[name]]
    assert not differing, f"the address does not bring back {differing}"
    # What the tables say is what the CSV says.
    browser.evaluate("document.querySelector('#difference details').open = true")
    browser.wait("document.querySelector('#difference tbody') !== null")
    cells = browser.evaluate("[...document.querySelectorAll('#difference tbody tr')].map(tr => [...tr.cells].map(td => td.textContent))")
    rows = [row for row in read(folder, "comparison.csv") if [row[k] for k in ["world", "condition", "outcome", "region", "manufacturer"]] == ["merger", "survives", "share", "China", "Honda"]]
    assert len(cells) == len(rows) == 12
    for cell, row in zip(cells, rows):
        value = float(cell[2].replace("\u2212", "-"))
        decimals = len(cell[2].split(".")[1])
        assert cell[0] == row["year"] and agree(value, str(float(row["mean"]) * 100), decimals), (cell, row["mean"])


def keys_read_values(browser):
    browser.evaluate("document.querySelector('#difference figure').focus()")
    said = lambda: browser.evaluate("document.querySelector('#difference figure .when').textContent")
    before = said()
    browser.press("ArrowLeft")
    assert int(said()) == int(before) - 1, "the left arrow does not go back a year"
    browser.press("Enter")
    assert f"year={int(before) - 1}" in browser.evaluate("location.hash"), "Enter does not choose the year"


def search_finds(browser):
    shown = "[...document.querySelectorAll('#assumptions tbody tr')].filter(tr => !tr.hidden).map(tr => tr.textContent)"
    everything = len(browser.evaluate(shown))
    browser.evaluate("(() => { const s = document.getElementById('search'); s.value = 'nest_rho judgement'; s.dispatchEvent(new Event('input')); })()")
    found = browser.evaluate(shown)
    assert 0 < len(found) < everything and all("nest_rho" in text for text in found), found
    changed = browser.evaluate("[...document.querySelectorAll('#assumptions tbody tr')].map(tr => tr.cells[0].textContent).filter(t => t.startsWith('alliances.hnm.proceeds'))")
    assert any("other in “Merger”" in text for text in changed) and any("in “Merger”" in text and "other" not in text for text in changed), changed


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    return sum(f * (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4) for f, p in zip([0.2126, 0.7152, 0.0722], parts))


def accessible(browser, where):
    """Names for what is drawn and operated, one h1, contrast of WCAG AA."""
    nameless = browser.evaluate("""[...document.querySelectorAll('svg, figure, select, input, [tabindex]')].filter(e =>
        !(e.getAttribute('aria-label') || e.closest('label') || e.tagName === 'PRE')).map(e => e.outerHTML.slice(0, 80))""")
    assert not nameless, f"{where}: without a name: {nameless}"
    assert browser.evaluate("document.querySelectorAll('h1').length") == 1
    assert browser.evaluate("[...document.querySelectorAll('section')].every(s => document.getElementById(s.getAttribute('aria-labelledby')))")
    colours = browser.evaluate("""['--ink', '--soft', '--accent', '--warn', '--paper', '--mark'].map(name => {
        const probe = document.createElement('i'); document.body.append(probe); probe.style.color = `var(${name})`;
        const colour = getComputedStyle(probe).color; probe.remove(); return [name, colour]; })""")
    colours = {name: luminance(colour) for name, colour in colours}
    for letter in ["--ink", "--soft", "--accent", "--warn"]:
        for ground in ["--paper", "--mark"]:
            low, high = sorted([colours[letter], colours[ground]])
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{where}: {letter} on {ground} cannot be read"


def check(browser, name, folder):
    page = (folder / "report.html").resolve()
    assert page.stat().st_size < MOST_BYTES, f"{name}: {page.stat().st_size} bytes"
    for (width, height), dark in [((1280, 800), False), ((390, 844), True), ((1920, 1080), False)]:
        browser.view(width, height, dark, phone=width < 500)
        opens_without_a_word(browser, page, name)
        all_drawn(browser, f"{name} at {width}")
        accessible(browser, f"{name} at {width}")
        wide = browser.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name}: {wide} pixels wide on a screen of {width}"
    shown = sections(browser)
    missing = [section for section in EVERYWHERE if section not in shown]
    assert not missing, f"{name}: no {missing}"
    count = numbers_agree(browser, folder)
    print(f"{name}: {len(shown)} sections, {browser.evaluate('document.querySelectorAll(`figure`).length')} charts, {count} numbers as in the CSV files")
    if name == "main":
        assert "attribution" in shown and "sensitivity" in shown, list(shown)
        reasons_agree(browser, folder)
        browser.view(1280, 800)
        browser.open(page.as_uri())
        search_finds(browser)
        selectors_work(browser, page, folder)
        keys_read_values(browser)


def main(program):
    path = find()
    if path is None:
        print("NOT CHECKED: no Chromium here, so the report page was opened in no browser (install `chromium`)")
        return
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(path)
        try:
            for name, (scenario, *options) in RUNS.items():
                out = pathlib.Path(folder) / name.replace(" ", "-")
                subprocess.run([program, "run", str(ROOT / scenario), *options, "--out", str(out), "--quiet"], check=True)
                check(browser, name, out)
        finally:
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
