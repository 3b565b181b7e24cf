#!/usr/bin/env python3
# Checks the structure of a JUnit XML file: what the schemas of CI servers have in common.
#
#   junit_rules.py FILE     prints what is wrong, a line each; exit code 1 if anything is
import sys
import xml.etree.ElementTree as tree

COUNTS = ("tests", "failures", "errors", "skipped")
# Element -> (required attributes, elements within).
RULES = {
    "testsuites": (COUNTS + ("name", "time"), {"testsuite"}),
    "testsuite": (COUNTS + ("name", "time"), {"testcase"}),
    "testcase": (("name", "classname", "time"), {"properties", "skipped", "failure", "error", "system-out"}),
    "properties": ((), {"property"}),
    "property": (("name", "value"), set()),
    "skipped": (("message",), set()),
    "failure": (("type", "message"), set()),
    "error": (("type", "message"), set()),
    "system-out": ((), set()),
}


def check_element(element, complain):
    if element.tag not in RULES:
        return complain(f"<{element.tag}> is not known")
    required, within = RULES[element.tag]
    if set(element.attrib) != set(required):
        complain(f"<{element.tag}> has the attributes {sorted(element.attrib)}")
    for child in element:
        if child.tag not in within:
            complain(f"<{child.tag}> within <{element.tag}>")
        check_element(child, complain)


def check_counts(element, complain):
    cases = list(element.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    broken = [case for case in cases if case not in failed and case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    expected = {"tests": len(cases), "failures": len(failed), "errors": len(broken)}
    expected["skipped"] = len(skipped)
    if any(case in failed or case in broken for case in skipped):
        complain("a case that is skipped, and fails")
    for name, number in expected.items():
        if element.get(name) != str(number):
            complain(f"<{element.tag} {name}={element.get(name)!r}>, and there are {number}")
    for case in cases:
        if float(case.get("time")) < 0:
            complain("a time below zero")


def main(path):
    wrong = []
    try:
        root = tree.parse(path).getroot()
    except tree.ParseError as why:
        print(why)
        return 1
    if root.tag != "testsuites":
        wrong.append(f"the root is <{root.tag}>")
    check_element(root, wrong.append)
    for element in [root, *root.iter("testsuite")]:
        check_counts(element, wrong.append)
    print("".join(line + "\n" for line in wrong), end="")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1]))
