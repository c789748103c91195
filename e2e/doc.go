// Package e2e drives the real binary in a real browser: every journey of the product,
// its clicks counted, and every component of its pages, light and dark, wide and narrow.
// It knows the product from outside only; what it imports is what pages are drawn with.
package e2e
