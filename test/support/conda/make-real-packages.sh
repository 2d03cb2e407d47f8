# Makes the trees of conda packages with real programs in them, one directory a package, as one
# archive. $PLACEHOLDER is compiled into them as conda-build does it. Functions: scripts/lib/conda/debian-python.sh.
set -eu
mkdir -p /tmp/trees
cd /tmp/trees

tar -xzf /mirror/release.tar.gz
mv python python-3.11
rm -f python-3.11/bin/python python-3.11/bin/python3
as_released python-3.11 3.11
installed_python python-3.13 3.13
# Their times are not those that the files get when the package is unpacked.
python-3.11/bin/python -m compileall -q python-3.11/lib/python3.11

# Code that can't be compressed, the same at each time.
noise() { python3 -c "import random, sys; sys.stdout.buffer.write(random.Random('$1').randbytes($2))"; }

library() { # NAME VERSION TREE SOURCE [LIBRARIES]
  mkdir -p "$3/lib"
  gcc -shared -fPIC -O1 -g0 -DPREFIX="\"$PLACEHOLDER\"" -x c "$4" -x none -o "$3/lib/lib$1.so.$2" \
    -Wl,-soname,"lib$1.so.1" -Wl,-rpath,'$ORIGIN' ${5:-}
  ln -s "lib$1.so.$2" "$3/lib/lib$1.so.1"
  ln -s "lib$1.so.1" "$3/lib/lib$1.so"
}

program() { # NAME TREE LIBRARY-TREE...
  name=$1 tree=$2
  shift 2
  mkdir -p "$tree/bin"
  gcc -O1 -g0 -x c - -x none -o "$tree/bin/$name" -Wl,-rpath,'$ORIGIN/../lib' \
    -Wl,-rpath-link,/tmp/trees/libfoo-1.2/lib "$@"
}

for version in 1.2 1.3; do
  cat > foo.c <<SOURCE
#include <stdio.h>
/* Read as it is at run time: compilers know how long the placeholder is. */
static volatile const char data[] = PREFIX "/share/foo/message.txt";
int foo_version(void) { return ${version#1.}; }
const char *foo_message(void) {
  static char message[100];
  FILE *file = fopen((const char *)data, "r");
  if (file == NULL || fgets(message, sizeof message, file) == NULL) return "foo has no message";
  fclose(file);
  return message;
}
SOURCE
  tree=libfoo-$version
  library foo "$version" "$tree" foo.c
  mkdir -p "$tree/share/foo" "$tree/include" "$tree/lib/pkgconfig" "$tree/share/man/man1"
  echo "foo $version reads its prefix" > "$tree/share/foo/message.txt"
  echo "const char *foo_message(void);" > "$tree/include/foo.h"
  printf 'prefix=%s\nlibdir=${prefix}/lib\n\nName: foo\nVersion: %s\nDescription: foo\nLibs: -L${libdir} -lfoo\n' \
    "$PLACEHOLDER" "$version" > "$tree/lib/pkgconfig/foo.pc"
  echo '.TH FOO 1' > "$tree/share/man/man1/foo.1"
  gcc -c -O1 -g0 -DPREFIX="\"$PLACEHOLDER\"" foo.c -o foo.o
  ar rcsD "$tree/lib/libfoo.a" foo.o
  program foo "$tree" "$tree/lib/libfoo.so" <<SOURCE
#include <stdio.h>
const char *foo_message(void);
int main(void) { printf("%s", foo_message()); return 0; }
SOURCE
done

cat > bar.c <<SOURCE
int foo_version(void);
int bar(void) { return 10 * foo_version(); }
SOURCE
library bar 1.0 libbar bar.c libfoo-1.2/lib/libfoo.so
program bar libbar libbar/lib/libbar.so <<SOURCE
#include <stdio.h>
int bar(void);
int main(void) { printf("bar %d\n", bar()); return 0; }
SOURCE

for version in 1.0 1.1; do
  tree=libheavy-$version
  noise "code $version" 11000000 > heavy.bin
  cat > heavy.c <<SOURCE
__asm__(".section .rodata\n.globl heavy_data\nheavy_data: .incbin \"heavy.bin\"\n.previous");
extern const unsigned char heavy_data[] __attribute__((visibility("hidden")));
int bar(void);
int heavy_sum(void) {
  unsigned sum = bar();
  for (int index = 0; index < 1000; index++) sum += heavy_data[index];
  return (int)sum;
}
SOURCE
  library heavy "$version" "$tree" heavy.c "libbar/lib/libbar.so -Wl,-rpath-link,libfoo-1.2/lib"
  mkdir -p "$tree/share/heavy" "$tree/share/doc/heavy" "$tree/share/man/man3"
  noise "model" 12000000 > "$tree/share/heavy/model.bin"
  echo '{"layers": 2}' > "$tree/share/heavy/config.json"
  echo "How heavy is used" > "$tree/share/doc/heavy/README"
  echo '.TH HEAVY 3' > "$tree/share/man/man3/heavy.3"
  gcc -c -O1 -g0 heavy.c -o heavy.o
  ar rcsD "$tree/lib/libheavy.a" heavy.o
done

# The stable ABI: one file for all versions of Python from 3.11 on.
cat > native.c <<SOURCE
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
int heavy_sum(void);
static PyObject *sum(PyObject *self, PyObject *unused) { return PyLong_FromLong(heavy_sum()); }
static PyMethodDef methods[] = {{"sum", sum, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_native", NULL, -1, methods};
PyMODINIT_FUNC PyInit__native(void) { return PyModule_Create(&module); }
SOURCE
for python in 3.11 3.13; do
  package=heavypkg-$python/lib/python$python/site-packages/heavypkg
  mkdir -p "$package"
  gcc -shared -fPIC -O1 -g0 $(python3-config --includes) native.c -o "$package/_native.abi3.so" \
    libheavy-1.0/lib/libheavy.so -Wl,-rpath,'$ORIGIN/../../..' -Wl,-rpath-link,libbar/lib:libfoo-1.2/lib
  noise "weights" 12000000 > "$package/weights.bin"
done

rm -f *.c *.o heavy.bin
tar -cf /out/trees.tar .
