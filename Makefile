# Thin names; the work is in tools/ and in the presets of CMakePresets.json.
.PHONY: all setup check format lint sim fuzz bare
SEED ?= 1
FOR ?= 60

all:
	@tools/build release
setup:
	@tools/setup full
check:
	@./test
format:
	@tools/format
lint:
	@tools/lint
sim:
	@tools/build dev && build/dev/src/apps/sim --seed $(SEED)
fuzz:
	@tools/setup full && tools/fuzz $(FOR)
bare:
	@tools/bare-test ./test
