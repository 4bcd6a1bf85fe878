/* SPDX-License-Identifier: MIT */
/* retention.h - how long CloudWatch keeps a log, in SST's words or in days. */
#ifndef WSGEN_RETENTION_H
#define WSGEN_RETENTION_H

/* Days; 0: forever, also for NULL; -1: neither a word nor days it has. */
int retention_days(const char *text);

/* The words, for did-you-mean; count of them. */
extern const char *const retention_words[];
extern const int retention_word_count;

#endif
