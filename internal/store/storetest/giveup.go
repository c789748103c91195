package storetest

import (
	"context"
	"sync"
	"sync/atomic"
)

// GiveUp returns the context of a request that is given up when somebody has looked so many times whether it goes on: between
// two statements, while one runs, or while it waits for its turn.
func GiveUp(parent context.Context, looks int64) context.Context {
	b := &brief{Context: parent, done: make(chan struct{})}
	b.looks.Store(looks)
	return b
}

type brief struct {
	context.Context
	looks atomic.Int64
	done  chan struct{}
	end   sync.Once
}

func (b *brief) Done() <-chan struct{} {
	if b.looks.Add(-1) < 0 {
		b.end.Do(func() { close(b.done) })
	}
	return b.done
}

func (b *brief) Err() error {
	select {
	case <-b.done:
		return context.Canceled
	default:
		return nil
	}
}
