/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts of rules are copied and measured; whether a pattern can be compiled is seen when it is needed. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "registry-rule.h"
#include "text.h"

#define TEXT_MAX 255u

#define WHEN_KNOWN (MD_REPLY_IN_CLEAR | MD_REPLY_NO_LOGIN | MD_REPLY_LOGIN_OFFERED | MD_REPLY_TO_APP)

/* The texts of a rule, and what they are called in a record. */
static const struct {
        const char *key;
        size_t offset;
        size_t max;
} texts[] = {
        { "code", offsetof(MdReplyRule, id), TEXT_MAX },
        { "also", offsetof(MdReplyRule, also), TEXT_MAX },
        { "stages", offsetof(MdReplyRule, stages), TEXT_MAX },
        { "reply-code", offsetof(MdReplyRule, code), TEXT_MAX },
        { "enhanced", offsetof(MdReplyRule, enhanced), TEXT_MAX },
        { "pattern", offsetof(MdReplyRule, pattern), MD_REPLY_PATTERN_MAX },
        { "provider", offsetof(MdReplyRule, provider), TEXT_MAX },
        { "source", offsetof(MdReplyRule, source), TEXT_MAX },
        { "date", offsetof(MdReplyRule, date), TEXT_MAX },
};

static const char **text_of(MdReplyRule *rule, size_t i) {
        return (const char **) ((char *) rule + texts[i].offset);
}

static int take_text(const MdRecord *record, size_t i, const char **ret) {
        const char *text = md_record_text(record, texts[i].key);
        size_t length = text ? strlen(text) : 0;

        if (!text)
                return 0;
        if (length > texts[i].max || !md_text_is_clean(text, length))
                return -EBADMSG;
        *ret = strdup(text);
        return *ret ? 0 : -ENOMEM;
}

int registry_rule_read(const MdRecord *record, MdReplyRule *ret) {
        uint64_t when = md_record_number(record, "when", 0);
        MdReplyRule rule = { .when = (uint32_t) when };
        int r = when & ~(uint64_t) WHEN_KNOWN ? -EBADMSG : 0;

        for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
                r = take_text(record, i, text_of(&rule, i));
        if (r == 0 && !rule.id)
                r = -EBADMSG;
        if (r < 0)
                registry_rule_done(&rule);
        else
                *ret = rule;
        return r;
}

void registry_rule_done(MdReplyRule *rule) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                free((char *) *text_of(rule, i));
}
