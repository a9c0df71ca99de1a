// gorilla/sessions: with STORE=files in files, else in a signed cookie, as its README begins.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gorilla/sessions"
)

const month = 86400 * 30

var (
	secret  = []byte("a secret for the checker and of no other use")
	idle, _ = strconv.Atoi(os.Getenv("IDLE"))
	folder  = os.Getenv("FOLDER")
	isFiles = os.Getenv("STORE") == "files"
)

type handler func(http.ResponseWriter, *http.Request, *sessions.Session) error

func newStore() sessions.Store {
	if !isFiles {
		store := sessions.NewCookieStore(secret)
		if idle > 0 {
			store.MaxAge(idle)
		}
		return store
	}
	store := sessions.NewFilesystemStore(folder, secret)
	store.MaxLength(1 << 16)
	if idle > 0 {
		store.MaxAge(idle)
	}
	return store
}

func pause(request *http.Request) {
	ms, _ := strconv.Atoi(request.PostFormValue("ms"))
	time.Sleep(time.Duration(ms) * time.Millisecond)
}

func with(store sessions.Store, handle handler) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		session, _ := store.Get(request, "session") // as the README does: a new one on an error
		options := &sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
		options.Secure = request.Header.Get("X-Forwarded-Proto") == "https"
		if isFiles {
			options.MaxAge = month // 0 or less deletes the file
		}
		if idle > 0 {
			options.MaxAge = idle
		}
		session.Options = options
		response.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if err := handle(response, request, session); err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
		}
	}
}

func main() {
	store := newStore()
	on := func(path string, handle handler) { http.HandleFunc(path, with(store, handle)) }
	on("/get", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		value, ok := s.Values[r.FormValue("key")].(string)
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		_, err := w.Write([]byte(value))
		return err
	})
	on("/all", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		all := map[string]interface{}{}
		for key, value := range s.Values {
			if name, ok := key.(string); ok {
				all[name] = value
			}
		}
		return json.NewEncoder(w).Encode(all)
	})
	on("/whoami", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		user, _ := s.Values["user"].(string)
		_, err := w.Write([]byte(user))
		return err
	})
	on("/set", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		pause(r)
		s.Values[r.PostFormValue("key")] = r.PostFormValue("value")
		return s.Save(r, w)
	})
	on("/del", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		delete(s.Values, r.PostFormValue("key"))
		return s.Save(r, w)
	})
	on("/login", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		pause(r)
		s.Values["user"] = r.PostFormValue("user") // it documents no renewal
		return s.Save(r, w)
	})
	on("/logout", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		s.Options.MaxAge = -1
		return s.Save(r, w)
	})
	on("/fail", func(w http.ResponseWriter, r *http.Request, s *sessions.Session) error {
		s.Values[r.PostFormValue("key")] = r.PostFormValue("value")
		w.WriteHeader(http.StatusInternalServerError) // Save comes last: nothing saves after an error
		return nil
	})
	http.HandleFunc("/count", func(response http.ResponseWriter, _ *http.Request) {
		if !isFiles {
			response.WriteHeader(http.StatusNotFound)
			return
		}
		files, _ := filepath.Glob(folder + "/session_*")
		response.Write([]byte(strconv.Itoa(len(files))))
	})
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil); err != nil {
		panic(err)
	}
}
