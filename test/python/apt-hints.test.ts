import { describe, expect, it } from "vitest";
import { describeMissingPiece, findMissingPieces } from "../../src/python/apt-hints.ts";

const FOUND: readonly (readonly [output: string, pieces: readonly string[]])[] = [
  [
    "psycopg/psycopg.h:30:10: fatal error: libpq-fe.h: No such file or directory",
    ["the header libpq-fe.h (Debian package libpq-dev)"],
  ],
  ["Error: pg_config executable not found.", ["the program pg_config (Debian package libpq-dev)"]],
  [
    "fatal error: cairo/cairo.h: No such file or directory",
    ["the header cairo/cairo.h (Debian package libcairo2-dev)"],
  ],
  [
    "Command 'pkg-config --exists mysqlclient' returned non-zero exit status 1.",
    ["the library mysqlclient (mysqlclient.pc) (Debian package default-libmysqlclient-dev)"],
  ],
  [
    "fatal error: openssl/opensslv.h: No such file or directory",
    ["the header openssl/opensslv.h (Debian package libssl-dev)"],
  ],
  [
    "fatal error: Eigen/Dense: No such file or directory",
    ["the header Eigen/Dense (Debian package libeigen3-dev)"],
  ],
  ["fatal error: my_own.h: No such file or directory", ["the header my_own.h"]],
  [
    "fatal error: 'sndfile.h' file not found",
    ["the header sndfile.h (Debian package libsndfile1-dev)"],
  ],
  [
    "/bin/sh: 1: mysql_config: not found",
    ["the program mysql_config (Debian package default-libmysqlclient-dev)"],
  ],
  ["bash: line 1: swig: command not found", ["the program swig (Debian package swig)"]],
  [
    "error: command 'swig' failed: No such file or directory",
    ["the program swig (Debian package swig)"],
  ],
  [
    "FileNotFoundError: [Errno 2] No such file or directory: 'cmake'",
    ["the program cmake (Debian package cmake)"],
  ],
  ["CMake must be installed to build dlib", ["the program cmake (Debian package cmake)"]],
  ["error: can't find Rust compiler", ["the program cargo (Debian package cargo)"]],
  [
    "Cargo, the Rust package manager, is not installed or is not on PATH.",
    ["the program cargo (Debian package cargo)"],
  ],
  [
    "ERROR: Unknown compiler(s): [['gfortran'], ['flang']]",
    ["the program gfortran (Debian package gfortran)"],
  ],
  ["No CMAKE_CUDA_COMPILER could be found.", ["the program nvcc"]],
  ["OSError: CUDA_HOME environment variable is not set.", ["the program nvcc"]],
  [
    "Package cairo was not found in the pkg-config search path.\nPackage 'cairo', required by 'virtual:world', not found",
    ["the library cairo (cairo.pc) (Debian package libcairo2-dev)"],
  ],
  [
    'ERROR: Dependency "openblas" not found, tried pkgconfig',
    ["the library openblas (openblas.pc) (Debian package libopenblas-dev)"],
  ],
  [
    "Could NOT find Boost (missing: Boost_INCLUDE_DIR)",
    ["the library Boost (Boost.pc) (Debian package libboost-all-dev)"],
  ],
  [
    "/usr/bin/ld: cannot find -lssl: No such file or directory",
    ["the library ssl (-lssl) (Debian package libssl-dev)"],
  ],
  ["error: something else went wrong", []],
  ["No such file or directory: '/workspace/data.txt'", []],
  ["FileNotFoundError: [Errno 2] No such file or directory: 'README.md'", []],
  [
    "sh: 1: pg_config: not found\nfatal error: zlib.h: No such file or directory\nsh: 1: pg_config: not found",
    [
      "the program pg_config (Debian package libpq-dev)",
      "the header zlib.h (Debian package zlib1g-dev)",
    ],
  ],
];

describe("findMissingPieces", () => {
  it.each(FOUND)("in %j finds %j", (output, pieces) => {
    expect(findMissingPieces(output).map(describeMissingPiece)).toEqual(pieces);
  });
});
