package awsapi

import (
	"encoding/xml"
	"net/http"
)

// errorResponse is how the query protocol refuses.
type errorResponse struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
	Error   struct {
		Type    string
		Code    string
		Message string
	}
	RequestID string `xml:"RequestId"`
}

// responseMetadata ends every successful response.
type responseMetadata struct {
	RequestID string `xml:"RequestId"`
}

func (h *handler) refuse(w http.ResponseWriter, r *http.Request, id string, err error) {
	known, clients := refusalOf(err)
	if !clients {
		h.Log.ErrorContext(r.Context(), "answer an AWS client", "request", id, "error", err)
	}
	response := errorResponse{RequestID: id}
	response.Error.Type, response.Error.Code, response.Error.Message = known.side(), known.code, known.message
	h.write(w, r, known.status, id, response)
}

func (h *handler) write(w http.ResponseWriter, r *http.Request, status int, id string, response any) {
	text, err := xml.MarshalIndent(response, "", "  ")
	if err != nil {
		h.Log.ErrorContext(r.Context(), "write an answer to an AWS client", "request", id, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Amzn-Requestid", id)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the client has gone: there is nobody to tell
}
