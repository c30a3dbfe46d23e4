/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the value of an option is read and checked; each of these is an OptionApply. */

#include "options.h"

int apply_flag(Settings *settings, const Option *option, const char *value);
/* Text that is sent on the wire or the bus: UTF-8, not empty. */
int apply_text(Settings *settings, const Option *option, const char *value);
int apply_choice(Settings *settings, const Option *option, const char *value);
/* The path of a file, any bytes; opened later. */
int apply_path(Settings *settings, const Option *option, const char *value);
int apply_address(Settings *settings, const Option *option, const char *value);
/* HOST[:PORT] of a service whose protocol is the name of the option. */
int apply_service(Settings *settings, const Option *option, const char *value);
int apply_host(Settings *settings, const Option *option, const char *value);
int apply_timeout(Settings *settings, const Option *option, const char *value);
/* For how long an account is muted. */
int apply_mute(Settings *settings, const Option *option, const char *value);
int apply_mechanisms(Settings *settings, const Option *option, const char *value);
/* Where a secret comes from; arg is a SecretSource, with SECRET_IS_TOKEN for an access token. */
#define SECRET_IS_TOKEN 0x100
int apply_secret(Settings *settings, const Option *option, const char *value);
/* SETTING[=VALUE], read when the guide is there. */
int apply_guide_setting(Settings *settings, const Option *option, const char *value);
/* arg is an Instance. */
int apply_instance(Settings *settings, const Option *option, const char *value);
/* A secret as a value, which is not taken; `value` may be NULL and is never shown. */
int apply_refusal(Settings *settings, const Option *option, const char *value);
