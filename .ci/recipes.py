"""Runs what README shows for reading the tables (pandas, polars, DuckDB, R) beside a run folder, and checks that each
finds the rows that the CSV file has.

    python3 .ci/recipes.py PYTHON [RSCRIPT]   # in a folder in which README's commands were run; PYTHON has the packages
"""

import csv
import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).resolve().parent.parent / "README.md").read_text()
TABLE = "outputs/tables/comparison.csv"


def block(language, containing):
    """The code block of README in a language that contains a word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)
    return next(text for text in blocks if containing in text)


def printed(command, code):
    """What a program prints at its end, as a number."""
    done = subprocess.run([*command, code], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{code}\n{done.stdout}{done.stderr}")
    return int(done.stdout.split()[-1])


def main():
    python, rscript = sys.argv[1], sys.argv[2:]
    with open(TABLE) as file:
        rows = [
            row for row in csv.DictReader(file)
            if (row["outcome"], row["manufacturer"], row["condition"]) == ("share", "alliance:asahi-tsuki", "proceeds")
        ]
    assert rows, "README's example finds nothing"
    pandas, polars = block("python", "import pandas").split("import polars")
    query = block("sql", "comparison.csv")
    found = {
        "pandas": printed([python, "-c"], pandas + "\nprint(len(effect))"),
        "polars": printed([python, "-c"], "import polars" + polars + "\nprint(len(effect))"),
        "DuckDB, CSV": printed([python, "-c"], duckdb(query)),
        "DuckDB, Parquet": printed([python, "-c"], duckdb(query.replace(".csv", ".parquet"))),
    }
    if rscript:
        found["R"] = printed([rscript[0], "-e"], block("r", "read.csv") + "\ncat(nrow(effect))")
    for name, number in found.items():
        print(f"{name}: {number} rows of {len(rows)}")
    sys.exit(any(number != len(rows) for number in found.values()))


def duckdb(query):
    return f"import duckdb\nprint(len(duckdb.sql('''{query}''').fetchall()))"


main()
