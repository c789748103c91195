// Package templates owns what people see: the layouts, the components and the pages,
// each page with the view model it takes. It loads nothing and decides nothing.
package templates
