"""The command line as a person types it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import torchvision

from analysis.command_line import main

ROOT = Path(__file__).parents[2]


def printed(capsys: pytest.CaptureFixture[str], line: str) -> str:
    """Standard output of a call that succeeds."""
    assert main(line.split()) == 0
    return capsys.readouterr().out


def test_the_module_runs_as_a_program() -> None:
    """python -m analysis prints the totals of the model and ends with exit code 0."""
    command = [sys.executable, "-m", "analysis", "resnet50", "--size", "224", "--depth", "0"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "25,557,032 parameters, 4,089,184,256 MACs (8,178,368,512 FLOPs)" in found.stdout
    assert "receptive field 427 x 427, effective stride 32 x 32, effective padding 213 x 213" in found.stdout


def test_a_bad_argument_ends_with_exit_code_2_and_one_sentence() -> None:
    """Nothing but the sentence: no usage, no traceback, nothing on standard output."""
    command = [sys.executable, "-m", "analysis", "resnet5"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("python -m analysis: Unknown model 'resnet5': did you mean ")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "name a model"),
        (
            "alexnet --size 17",
            "layer 'features.5' fails, nothing is left of its 1 x 1 map. The smallest square",
        ),
        ("alexnet --size 1e3", "--size '1e3' is not a size"),
        ("alexnet --size 1x2x3", "--size '1x2x3' is not a size"),
        ("alexnet --size 0", "holds 0"),
        ("alexnet --size 999999", "holds 999999: the largest size analysed here is 16384"),
        ("alexnet --size 224 --input 3,224,224", "leave one out"),
        ("alexnet --input 3,224", "is not an image"),
        ("alexnet --input a,b,c", "--input 'a,b,c' is not a shape"),
        ("alexnet --input 4,224,224", "layer 'features.0' fails, it expects 3 channels and gets 4"),
        ("alexnet --depth -1", "--depth -1 is below 0"),
        ("alexnet --format xml", "invalid choice: 'xml'"),
        ("alexnet --format csv --witnesses", "one table"),
        ("vit_b_16 --size 230", "choose a multiple of 16"),
        ("--module nowhere:factory", "There is no module 'nowhere'"),
        ("--module torchvision.models", "write package.module:factory"),
        ("--bogus", "unrecognized arguments: --bogus"),
        ("list --year then", "--year 'then' is not a year"),
        ("list --max-params many", "invalid float value: 'many'"),
    ],
)
def test_what_was_wrong_is_said(capsys: pytest.CaptureFixture[str], line: str, sentence: str) -> None:
    """Every bad argument ends with exit code 2 and a sentence that names the value."""
    with pytest.raises(SystemExit) as stopped:
        main(line.split())
    captured = capsys.readouterr()
    assert stopped.value.code == 2
    assert sentence in captured.err
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_csv_holds_every_layer(capsys: pytest.CaptureFixture[str]) -> None:
    """The parameters of the lines add up to what torchvision publishes."""
    lines = list(csv.DictReader(io.StringIO(printed(capsys, "resnet18 --format csv"))))
    published = torchvision.models.ResNet18_Weights.DEFAULT.meta["num_params"]
    assert sum(int(line["params"]) for line in lines) == published
    assert lines[0]["name"] == "conv1"


@pytest.mark.parametrize(
    "line",
    ["resnet18 --witnesses", "vit_b_32 swin_t", "googlenet --depth 1 --witnesses", "alexnet --size 65x300"],
)
def test_json_keeps_its_schema(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """What is printed validates against docs/report.schema.json."""
    document = json.loads(printed(capsys, f"{line} --format json"))
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert document["schema"] == schema["title"] == "convscope.report/1"
    assert [report["name"] for report in document["reports"]] == [
        word for word in line.split() if word in NAMES
    ]


NAMES = {"resnet18", "vit_b_32", "swin_t", "googlenet", "alexnet"}


def test_markdown_compares_several_models(capsys: pytest.CaptureFixture[str]) -> None:
    """A GitHub table with a column for each model and the ratio to the first."""
    lines = printed(capsys, "alexnet vgg16 --format markdown").splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")] == [
        "quantity", "alexnet", "vgg16", "vgg16 / alexnet",
    ]  # fmt: skip
    params = next(line for line in lines if line.startswith("| params "))
    assert "61,100,840" in params
    assert "138,357,544" in params


def test_a_factory_of_the_user_with_its_own_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--module and --input analyse a model that the zoo does not know, with two inputs."""
    (tmp_path / "two_eyes.py").write_text(
        "from torch import nn\n"
        "class Eyes(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.left, self.right = nn.Conv2d(3, 8, 3), nn.Conv2d(1, 8, 3)\n"
        "    def forward(self, colour, depth):\n"
        "        return self.left(colour) + self.right(depth)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    line = "--module two_eyes:Eyes --input 3,32,20 --input 1,32,20 --format json"
    report = json.loads(printed(capsys, line))["reports"][0]
    # 30 x 18 outputs, 8 channels, 27 and 9 MACs each; (27 + 1) * 8 and (9 + 1) * 8 parameters
    assert report["totals"]["macs"] == 30 * 18 * 8 * (27 + 9)
    assert report["totals"]["params"] == 28 * 8 + 10 * 8
    assert report["input_shapes"] == [[3, 32, 20], [1, 32, 20]]


def test_list_filters_and_sorts(capsys: pytest.CaptureFixture[str]) -> None:
    """The networks of 2015 under 30 million parameters, by accuracy."""
    lines = csv.DictReader(
        io.StringIO(
            printed(capsys, "list --family resnet --year 2015 --max-params 30e6 --sort top1 --format csv")
        )
    )
    assert [line["name"] for line in lines] == ["resnet18", "resnet34", "resnet50"]
    assert printed(capsys, "list --format csv").count("\n") == 81


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    """A closed pipe (head) ends the program without a traceback."""
    command = f"{sys.executable} -m analysis densenet201 | head -1"
    found = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stderr == ""
