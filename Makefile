.PHONY: help setup demo install test lint bench peers interop fuzz docs examples fixtures

help: ## say what there is to make
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

setup: ## install what the build needs and is missing
	@Scripts/setup

demo: setup ## build, read and find handwritten digits, trace ResNet-18
	@swift run -c release DigitsDemo
	@swift build -c release --product martlet
	@echo "martlet detect out/digit_detector.pt Examples/Digits/canvases --output out/found --scale 4"
	@"$$(swift build -c release --show-bin-path)/martlet" detect out/digit_detector.pt \
	  Examples/Digits/canvases --output out/found --scale 4

install: setup ## install the martlet command: make install PREFIX=/usr/local
	@PREFIX="$(or $(PREFIX),/usr/local)" DESTDIR="$(DESTDIR)" Scripts/install

test: setup ## run the tests
	@Scripts/test

lint: ## check the format of the sources
	@Scripts/lint

bench: setup ## measure layers beside the processor's peak, and whole models
	@swift run -c release --package-path Benchmarks KernelBenchmarks
	@swift run -c release --package-path Benchmarks ModelBenchmarks

fuzz: setup ## feed the readers broken files: make fuzz SECONDS=60 TARGETS="archive pickle"
	@Scripts/fuzz $(or $(SECONDS),60) $(TARGETS)

peers: setup ## measure beside other runtimes: make peers PEERS="--models resnet18 --threads 1"
	@Benchmarks/peers/run $(PEERS)

interop: setup ## compare with PyTorch, live
	@Scripts/interop

examples: setup ## build the examples of the docs in a package outside
	@Scripts/examples

docs: setup ## write the pages that are made from the code anew
	@Scripts/docs

fixtures: setup ## make the tests' fixtures anew from PyTorch
	@Scripts/fixtures
