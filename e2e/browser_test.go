package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is the one browser of the package; its tabs are isolated from each other.
var browser context.Context

func TestMain(m *testing.M) {
	path := findBrowser()
	if path == "" && os.Getenv("CI") != "" {
		fmt.Fprintln(os.Stderr, "chromium is not installed, and in CI it must be")
		os.Exit(1)
	}
	if path == "" {
		code := m.Run()
		clean()
		os.Exit(code)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("js-flags", "--no-opt")) // most scripts run once in a page: to optimize them takes longer than it saves
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, quit := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "start the browser:", err)
		os.Exit(1)
	}
	browser = ctx
	code := m.Run()
	clean()
	quit()
	stop()
	os.Exit(code)
}

// ends is what is left to do when all tests have run, last first.
var (
	ending sync.Mutex
	ends   []func() error
)

func atEnd(end func() error) {
	ending.Lock()
	defer ending.Unlock()
	ends = append(ends, end)
}

func clean() {
	for _, end := range slices.Backward(ends) {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

func findBrowser() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// tab opens an isolated tab that lives as long as the test, at most five minutes.
func tab(t *testing.T) context.Context {
	t.Helper()
	if browser == nil {
		t.Skip("chromium is not installed")
	}
	ctx, quit := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(func() { stop(); quit() })
	return ctx
}
