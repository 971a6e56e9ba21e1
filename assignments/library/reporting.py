"""What a person who runs the notebook sees of a test: one line in place of an error. What follows is copied into every setup cell.

A test says whether it passed and what it is worth; a function that is not written yet says so once; `tally` adds up. All of it
happens only where a person runs the cells. A program that does (nbgrader, nbconvert, the judge) meets the tests as they stand:
there a failing test raises its error.
"""

import linecache
import sys
import traceback

# --- copied from here on

RESULTS = {}  # what became of each test when it was last run: its points, or how often it has failed on end


def runs_by_hand(shell):
    """Tell whether a person runs this cell: a page for notebooks names the cell that it asks for."""
    if shell is None or sys.platform == "emscripten":
        return shell is not None
    request = getattr(shell, "get_parent", dict)()
    return "cellId" in request.get("metadata", {})


def place_of(error):
    """Return in which function of this notebook an error happened, and the line, as far as that is known."""
    frames = [
        (frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is globals() and "__tracebackhide__" not in frame.f_locals
    ]
    code, line = frames[-1] if frames else (place_of.__code__, 0)
    return code.co_name, linecache.getline(code.co_filename, line).strip()


def in_words(test, error, times):
    """Return what to say of a test that does not pass; from the second time on, with a hint."""
    function = test.partition("-")[0]
    where, line = place_of(error)
    if isinstance(error, NotImplementedError):
        return f"{where} is not written yet, and {function} calls it"
    if isinstance(error, AssertionError):
        first, _, rest = str(error).partition("\n")
        says, colon, hint = first.replace("\N{FULLWIDTH COLON}", ": ").partition(": ")
        seen = f"{says}. {rest}".strip()
        return (
            f"{seen}\n    As a hint: {hint}"
            if times > 1 and colon
            else seen + "\n    (Run it again for a hint.)" * bool(colon)
        )
    inside = f" in `{line}`" if where != "<module>" and line else ""
    return f"{type(error).__name__}{inside}: {error}"


def report(test, points, error=None):
    """Say in a line what became of a test."""
    function, _, name = test.partition("-")
    unit = "point" if points == 1 else "points"
    if error is None:
        RESULTS[test] = points
        print(f"\N{CHECK MARK} {name}: passed, {points} {unit}")
        return
    if isinstance(error, NotImplementedError) and place_of(error)[0] == function:
        RESULTS[test] = "not written yet"
        if test == next(other for other in RESULTS if other.startswith(f"{function}-")):
            print(f"\N{BALLOT X} {function} is not written yet.")
        return
    times = RESULTS.get(test) if isinstance(RESULTS.get(test), list) else []
    RESULTS[test] = [*times, type(error).__name__]
    print(f"\N{BALLOT X} {name}, {points} {unit}: {in_words(test, error, len(RESULTS[test]))}")


def tally(points, by_a_person):
    """Print what the tests that you see have given so far. points: what each function is worth."""
    if not runs_by_hand(globals().get("get_ipython", lambda: None)()):
        return
    total, everything = 0, "all tests that you see"
    for function, most in points.items():
        tests = {test: result for test, result in RESULTS.items() if test.startswith(f"{function}-")}
        earned = sum(result for result in tests.values() if isinstance(result, int))
        failed = [test.partition("-")[2] for test, result in tests.items() if isinstance(result, list)]
        state = "not run yet" if not tests else "not written yet" if not (earned or failed) else ""
        state = f"not passed: {', '.join(failed)}" if failed else state
        print(f"{function:<28}{earned:>4} / {most:<4}{state}".rstrip())
        total += earned
    print(f"{everything:<28}{total:>4} / {sum(points.values())}")
    print(f"\nA person reads your written answers, for {by_a_person} points more.")
    print("When your work is graded, each property is tested with other numbers as well.")


def watch_tests(shell):
    """Let tests that a person runs report in a line; running this again changes nothing."""
    import ast
    import re

    class Watched(ast.NodeTransformer):
        """Puts a test into a `try`."""

        source = ""

        def visit_Module(self, module):
            first = re.match(r"# ([\w-]+-[\w-]+): (?s:.*?)^# (\d+) points?\.$", self.source, re.M)
            if first is None or not runs_by_hand(shell):
                return module
            said = f"report({first[1]!r}, {first[2]}"
            tried = f"try:\n    pass\nexcept Exception as test_error:\n    {said}, test_error)\nelse:\n    {said})"
            whole = ast.parse(tried)
            whole.body[0].body = module.body
            return ast.fix_missing_locations(whole)

    def note(info):
        Watched.source = info.raw_cell or ""

    for event in [one for one in shell.events.callbacks["pre_run_cell"] if one.__name__ == note.__name__]:
        shell.events.unregister("pre_run_cell", event)
    shell.ast_transformers = [one for one in shell.ast_transformers if type(one).__name__ != "Watched"]
    shell.events.register("pre_run_cell", note)
    shell.ast_transformers.append(Watched())


if "get_ipython" in globals():
    watch_tests(get_ipython())  # noqa: F821
