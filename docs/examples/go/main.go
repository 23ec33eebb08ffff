// Forecasts a CSV file from Go, by cgo: load, fit, forecast, print; every failure is an error with a place.
// usage: main FILE
package main

/*
#cgo pkg-config: wsf
#include <stdlib.h>
#include <wsf/wsf.h>
*/
import "C"

import (
	"fmt"
	"os"
	"strings"
	"unsafe"
)

// Failure is what a call of the library reported.
type Failure struct {
	Status, Message, Field, File string
	Row, Byte                    int64
}

func (f *Failure) Error() string {
	place := f.File
	if f.Row >= 0 {
		place += fmt.Sprintf(" line %d", f.Row)
	}
	if f.Byte >= 0 {
		place += fmt.Sprintf(" byte %d", f.Byte)
	}
	return fmt.Sprintf("%s %s: %s", f.Status, strings.TrimSpace(place), f.Message)
}

func check(status C.wsf_status, err *C.wsf_error) error {
	if status == C.WSF_OK {
		return nil
	}
	return &Failure{
		Status: C.GoString(C.wsf_status_name(status)), Message: C.GoString(&err.message[0]),
		Field: C.GoString(&err.field[0]), File: C.GoString(&err.file[0]),
		Row: int64(err.row), Byte: int64(err.byte),
	}
}

// forecast returns the table of forecasts as rows of text, the first one the names of its columns.
func forecast(file, model string, horizon int) ([][]string, error) {
	var err C.wsf_error
	data := C.CString(fmt.Sprintf("csv(%q, keys=[shop], time=day, target=sold)", file))
	expression := C.CString(model)
	options := C.CString(fmt.Sprintf("horizon=%d, levels=[80]", horizon))
	for _, text := range []*C.char{data, expression, options} {
		defer C.free(unsafe.Pointer(text))
	}

	var ctx *C.wsf_context
	if e := check(C.wsf_context_create(&ctx, nil, nil, nil, &err), &err); e != nil {
		return nil, e
	}
	defer C.wsf_context_release(ctx)
	var dataset *C.wsf_dataset
	if e := check(C.wsf_dataset_open(&dataset, ctx, data, &err), &err); e != nil {
		return nil, e
	}
	defer C.wsf_dataset_release(dataset)
	var parsed *C.wsf_model
	if e := check(C.wsf_model_parse(&parsed, ctx, expression, &err), &err); e != nil {
		return nil, e
	}
	defer C.wsf_model_release(parsed)
	var forecaster *C.wsf_forecaster
	if e := check(C.wsf_fit(&forecaster, parsed, dataset, nil, &err), &err); e != nil {
		return nil, e
	}
	defer C.wsf_forecaster_release(forecaster)
	var table *C.wsf_table
	if e := check(C.wsf_predict(&table, forecaster, nil, options, &err), &err); e != nil {
		return nil, e
	}
	defer C.wsf_table_release(table)
	return rows(table), nil
}

func rows(table *C.wsf_table) [][]string {
	columns := C.wsf_table_columns(table)
	head := []string{}
	for c := C.int64_t(0); c < columns; c++ {
		head = append(head, C.GoString(C.wsf_table_name(table, c)))
	}
	all := [][]string{head}
	for r := C.int64_t(0); r < C.wsf_table_rows(table); r++ {
		row := []string{}
		for c := C.int64_t(0); c < columns; c++ {
			var cell [256]C.char
			C.wsf_table_format(table, c, r, &cell[0], C.size_t(len(cell)))
			row = append(row, C.GoString(&cell[0]))
		}
		all = append(all, row)
	}
	return all
}

func main() {
	table, err := forecast(os.Args[1], "mean(ets, snaive)", 3)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, row := range table {
		fmt.Println(strings.Join(row, "\t"))
	}
	_, err = forecast(os.Args[1], "mean(etz, snaive)", 3)
	fmt.Println(err)
}
