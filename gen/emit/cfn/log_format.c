/* SPDX-License-Identifier: MIT */
/*
 * Access log formats. The JSON one has SST's members in SST's order; the
 * others are those that API Gateway's documentation gives for WebSocket APIs.
 */
#include "log_format.h"

#include <string.h>

static const struct {
	const char *name, *format;
} formats[] = {
	{ "json",
	  "{\"requestTime\":\"$context.requestTime\","
	  "\"requestId\":\"$context.requestId\","
	  "\"eventType\":\"$context.eventType\","
	  "\"routeKey\":\"$context.routeKey\","
	  "\"status\":$context.status,"
	  "\"integrationRequestId\":\"$context.awsEndpointRequestId\","
	  "\"integrationStatus\":\"$context.integrationStatus\","
	  "\"integrationLatency\":\"$context.integrationLatency\","
	  "\"integrationServiceStatus\":"
	  "\"$context.integration.integrationStatus\","
	  "\"ip\":\"$context.identity.sourceIp\","
	  "\"userAgent\":\"$context.identity.userAgent\","
	  "\"cognitoIdentityId\":\"$context.identity.cognitoIdentityId\","
	  "\"connectedAt\":\"$context.connectedAt\","
	  "\"connectionId\":\"$context.connectionId\"}" },
	{ "clf", "$context.identity.sourceIp $context.identity.caller "
		 "$context.identity.user [$context.requestTime] "
		 "\"$context.eventType $context.routeKey "
		 "$context.connectionId\" $context.status $context.requestId" },
	{ "csv", "$context.identity.sourceIp,$context.identity.caller,"
		 "$context.identity.user,$context.requestTime,"
		 "$context.eventType,$context.routeKey,$context.connectionId,"
		 "$context.status,$context.requestId" },
	{ "xml", "<request id=\"$context.requestId\">"
		 "<ip>$context.identity.sourceIp</ip>"
		 "<caller>$context.identity.caller</caller>"
		 "<user>$context.identity.user</user>"
		 "<requestTime>$context.requestTime</requestTime>"
		 "<eventType>$context.eventType</eventType>"
		 "<routeKey>$context.routeKey</routeKey>"
		 "<status>$context.status</status>"
		 "<connectionId>$context.connectionId</connectionId>"
		 "</request>" },
};

const char *log_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].format;
	return name;
}
