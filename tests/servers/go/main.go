// A service as appkit/sessions makes them: gorilla/sessions in a cookie, reached through the original request. It is
// the other side of tests/servers/go/mod.rs, which tells it what to put and asks it what it reads.
package main

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/gorilla/sessions"
)

type User struct {
	Name string
	Age  int
	Tags []string
}

// What appkit/sessions keeps for a request: the original one, however often it is re-wrapped later.
type session struct {
	w     http.ResponseWriter
	r     *http.Request
	name  string
	store *sessions.CookieStore
}

type contextKey struct{}

func withSession(name string, store *sessions.CookieStore, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), contextKey{}, &session{w, r, name, store})
		h(w, r.WithContext(ctx))
	}
}

func values(ctx context.Context) (map[interface{}]interface{}, error) {
	s := ctx.Value(contextKey{}).(*session)
	session, err := s.store.Get(s.r, s.name)
	return session.Values, err
}

// Every put saves, and so makes a cookie.
func put(ctx context.Context, key, value interface{}) error {
	s := ctx.Value(contextKey{}).(*session)
	session, err := s.store.Get(s.r, s.name)
	if err != nil {
		return err
	}
	session.Values[key] = value
	return session.Save(s.r, s.w)
}

var types = map[string]reflect.Type{}

func know(values ...interface{}) {
	for _, v := range values {
		t := reflect.TypeOf(v)
		types[t.String()] = t
	}
}

func init() {
	know(false, "", 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
		uintptr(0), float32(0), float64(0), []byte{}, []bool{}, []string{}, []int{}, []int8{}, []int16{}, []int32{},
		[]int64{}, []uint{}, []uint16{}, []uint32{}, []uint64{}, []float32{}, []float64{}, []interface{}{},
		map[string]int{}, map[string][]string{}, User{}, []User{}, time.Time{})
	gob.Register(map[string]int{})
	gob.Register(map[string][]string{})
	gob.Register(User{})
	gob.Register([]User{})
	gob.Register(time.Time{})
}

type entry struct {
	Key   string
	Type  string
	Value json.RawMessage
}

func (e entry) value() (interface{}, error) {
	switch e.Type {
	case "nil":
		return nil, nil
	case "NaN":
		return math.NaN(), nil
	case "complex128":
		return complex(1, -2), nil
	}
	t, ok := types[e.Type]
	if !ok {
		return nil, fmt.Errorf("no type %q", e.Type)
	}
	p := reflect.New(t)
	err := json.Unmarshal(e.Value, p.Interface())
	return p.Elem().Interface(), err
}

// What a handler would see: the type, the value in Go's words, and as JSON where JSON can say it.
type shown struct {
	Type string
	Go   string
	JSON json.RawMessage
}

func show(values map[interface{}]interface{}) map[string]shown {
	all := map[string]shown{}
	for k, v := range values {
		name, ok := k.(string)
		if !ok {
			name = fmt.Sprintf("%T %v", k, k)
		}
		text, err := json.Marshal(v)
		if err != nil {
			text = []byte("null")
		}
		all[name] = shown{fmt.Sprintf("%T", v), fmt.Sprintf("%#v", v), text}
	}
	return all
}

func handle(w http.ResponseWriter, r *http.Request) {
	var entries []entry
	err := json.NewDecoder(r.Body).Decode(&entries)
	for _, e := range entries {
		if err != nil {
			break
		}
		var key, value interface{} = e.Key, nil
		if e.Key == "" {
			key = 42
		}
		if value, err = e.value(); err == nil {
			err = put(r.Context(), key, value)
		}
	}
	var all map[interface{}]interface{}
	if err == nil {
		all, err = values(r.Context())
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(show(all))
}

// Arguments: path:cookie=hash[:block][,hash[:block]..], keys as text.
func main() {
	for _, argument := range os.Args[1:] {
		parts := strings.SplitN(argument, "=", 2)
		var pairs [][]byte
		for _, pair := range strings.Split(parts[1], ",") {
			keys := strings.SplitN(pair, ":", 2)
			pairs = append(pairs, []byte(keys[0]))
			if len(keys) == 2 {
				pairs = append(pairs, []byte(keys[1]))
			} else {
				pairs = append(pairs, nil)
			}
		}
		names := strings.SplitN(parts[0], ":", 2)
		store := sessions.NewCookieStore(pairs...)
		http.HandleFunc("/"+names[0], withSession(names[1], store, handle))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	panic(http.Serve(listener, nil))
}
