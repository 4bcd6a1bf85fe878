/* SPDX-License-Identifier: MIT */
/* circle.h - resources that wait for one another, which AWS refuses. */
#ifndef WSGEN_CFN_CIRCLE_H
#define WSGEN_CFN_CIRCLE_H

#include "cfn.h"

/* An error for each circle that is found; false if there is one. */
bool circle_check(struct cfn *cfn, struct diag *diag);

#endif
