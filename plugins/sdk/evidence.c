/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Evidence of last resort. */

#include <stdio.h>
#include <string.h>

#include "evidence.h"
#include "probe-state.h"
#include "transcript.h"

void md_evidence_note(MdProbe *probe, const MdField *fields) {
        size_t used = 0;

        for (; fields->key && fields->type != 'l'; fields++)
                ;
        probe->offered[0] = '\0';
        for (size_t i = 0; fields->key && fields->list && fields->list[i] && used < sizeof(probe->offered); i++)
                used += (size_t) snprintf(probe->offered + used, sizeof(probe->offered) - used, "%s%s", i > 0 ? " " : "",
                                          fields->list[i]);
}

static const char *param_text(const MdField *params, const char *key) {
        for (; params && params->key; params++)
                if (!strcmp(params->key, key) && params->type == 's')
                        return params->text;
        return NULL;
}

/* What is wrong with a setting; a secret is none of these. */
static const char *setting_evidence(const MdProbe *probe, const MdFindingInfo *info, const MdField *params, char *buffer) {
        static const char *const keys[] = { "what", "reason", "value", "setting" };

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (param_text(params, keys[i]))
                        return param_text(params, keys[i]);
        if (!info->setting || strcmp(info->setting, "security"))
                return NULL;
        snprintf(buffer, MD_EVIDENCE_SIZE, "security: %s", md_security_to_string(probe->target->security));
        return buffer;
}

const char *md_evidence_default(const MdProbe *probe, const MdFindingInfo *info, const MdField *params,
                                char buffer[static MD_EVIDENCE_SIZE]) {
        switch (info->stage) {
        case MD_STAGE_CONFIG:
                return setting_evidence(probe, info, params, buffer);
        case MD_STAGE_CAPABILITY:
        case MD_STAGE_AUTH:
                if (probe->offered[0])
                        return probe->offered;
                return md_transcript_last(probe->transcript);
        case MD_STAGE_GREETING:
        case MD_STAGE_MAILBOX:
                return md_transcript_last(probe->transcript);
        case MD_STAGE_DNS:
        case MD_STAGE_TCP:
        case MD_STAGE_TLS:
        case MD_STAGE_POLICY:
                break;
        }
        return NULL;
}
