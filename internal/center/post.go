package center

import (
	"context"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

type letter struct{}

func noticeLetter(model.User, string) letter { return letter{} }

func (c *Center) post(context.Context, *store.Tx, letter) error { return nil }
