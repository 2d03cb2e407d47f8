// Prints how many bytes of a file Go's gzip compresses in a second, in one thread and at the level
// that the lifecycle's layers have:
// https://github.com/google/go-containerregistry/blob/v0.21.5/pkg/v1/tarball/layer.go
package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"os"
	"time"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gzip-speed FILE")
	}
	// The whole of it before the clock starts: neither disk nor pipe is measured.
	content, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	start := time.Now()
	if err := compress(content); err != nil {
		log.Fatal(err)
	}
	fmt.Println(int64(float64(len(content)) / time.Since(start).Seconds()))
}

func compress(content []byte) error {
	writer, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := writer.Write(content); err != nil {
		return err
	}
	return writer.Close()
}
