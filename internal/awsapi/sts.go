package awsapi

import "encoding/xml"

// stsVersion is the version of STS's API, the only one there has been.
const stsVersion = "2011-06-15"

// callerIdentity is the response of GetCallerIdentity, in the order of AWS's elements.
type callerIdentity struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	Result  struct {
		ARN     string `xml:"Arn"`
		UserID  string `xml:"UserId"`
		Account string
	} `xml:"GetCallerIdentityResult"`
	Metadata responseMetadata `xml:"ResponseMetadata"`
}

// getCallerIdentity tells the holder of credentials whose they are. AWS needs no permission for it, and no policy
// can deny it.
func getCallerIdentity(c call) (any, error) {
	response := callerIdentity{Metadata: responseMetadata{RequestID: c.requestID}}
	response.Result.ARN = c.session.ARN()
	response.Result.UserID = c.session.CallerID()
	response.Result.Account = string(c.session.Account)
	return response, nil
}
