/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a diagnosis takes, made of an account. */

#include "account.h"
#include "credentials.h"
#include "settings.h"

/*
 * Fills settings that were initialised: the account's address and services, each with its secret when `credentials` is not
 * NULL.  One that cannot be had is noted in the service (secret_missing), which goes on without.  Returns 0; -EINVAL with
 * one line in ret_error; another -errno.
 */
int account_to_settings(const Account *account, const Credentials *credentials, Settings *settings, char **ret_error);
