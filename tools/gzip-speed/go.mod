// Measures Go's gzip for the benchmark. ../README.md says why this version of Go.
module ml-buildpacks.io/tools/gzip-speed

go 1.27.4
