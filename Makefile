# make demo   fills a fictional city and serves it          make test   everything that must hold, part by part
# LAW=siping PORT=8080 choose for demo; PARTS="rules browser" choose for test; NAME=query for bench; PYTHON=PATH for setup.

LAW ?=
PORT ?=
PARTS ?=
NAME ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-check test test-full bench check fix

help:
	@sed -n 's/^## //p' Makefile

## make setup        准备运行环境 .venv                     prepare .venv from uv.lock
setup:
	@sh tools/setup.sh main

## make demo         演示城市，打印网址和各角色账号         a demo city, its address and an account for every role
demo: setup
	@exec .venv/bin/xinheng demo $(if $(LAW),--law $(LAW)) $(if $(PORT),--port $(PORT))

## make demo-check   两部条例下无界面走完全程               the whole story without a browser, under both laws
demo-check: setup
	@.venv/bin/xinheng demo --check $(if $(LAW),--law $(LAW))

## make test         全部检查与测试                         every check and test
test:
	@sh tools/test.sh $(PARTS)

## make test-full    长测试（每部条例 200 个断电点等）      the long proofs too
test-full:
	@sh tools/test.sh --full $(PARTS)

## make bench        测速，每行与同场的底线相比             speed, each line against its floor in the same run
bench: setup
	@sh tools/debian.sh wrk && PYTHONPATH=. .venv/bin/xinheng bench $(NAME)

## make check        只做静态检查                           style, types, import contracts
check:
	@sh tools/test.sh static

## make fix          自动改正格式                           mend style and format
fix:
	@sh tools/setup.sh dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .
