package catalog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
)

// An archive is a gzip file of several members, each readable on its own. The compressed bytes stay where the
// file has them: for embedded files that is the program's read-only data, not the heap.
type archive struct {
	name string
	file io.ReaderAt
	size int64
}

func openArchive(files fs.FS, name string) (archive, error) {
	file, err := files.Open(name)
	if err != nil {
		return archive{}, fmt.Errorf("open catalogue: %w", err)
	}
	at, ok := file.(io.ReaderAt)
	if !ok {
		return archive{}, fmt.Errorf("open catalogue: %s cannot be read at an offset", name)
	}
	info, err := file.Stat()
	if err != nil {
		return archive{}, fmt.Errorf("open catalogue: %w", err)
	}
	return archive{name: name, file: at, size: info.Size()}, nil
}

// member unpacks the member that begins at offset.
func (a archive) member(offset int64) (string, error) {
	z, err := gzip.NewReader(bufio.NewReader(io.NewSectionReader(a.file, offset, a.size-offset)))
	if err != nil {
		return "", fmt.Errorf("%s at %d: %w", a.name, offset, err)
	}
	z.Multistream(false)
	text, err := io.ReadAll(z)
	if err != nil {
		return "", fmt.Errorf("%s at %d: %w", a.name, offset, err)
	}
	return string(text), nil
}

// mustMember is member for data that the index vouches for. The data is part of the program, so that damage to
// it is damage to the program: there is nothing a caller could do.
func (a archive) mustMember(offset int64) string {
	text, err := a.member(offset)
	if err != nil {
		panic("catalog: damaged data: " + err.Error())
	}
	return text
}

// An archiveWriter makes an archive. Its output depends on the input alone: gzip headers carry no time.
type archiveWriter struct {
	out bytes.Buffer
}

// add appends a member and returns where it begins.
func (w *archiveWriter) add(text string) (int64, error) {
	offset := int64(w.out.Len())
	z, err := gzip.NewWriterLevel(&w.out, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := io.WriteString(z, text); err != nil {
		return 0, err
	}
	return offset, z.Close()
}
