"""Vocabulary: the enumerations of MeherY's document, in its order and spelling."""

from __future__ import annotations

DOCUMENT = "003_e6429b47e94a9f2a.txt"

# Source: 6168-6187
CONTACT_TYPES = (
    *("SMS", "OA", "EMAIL", "WHATSAPP", "PUSH", "FACEBOOK", "TELEGRAM", "WEBSITE", "TWITTER", "INSTAGRAM"),
    *("DUMMY", "EMPTY"),
)
# What a contactId begins with; public in the vendor's libraries.
SHORT_NAMES = {
    "WHATSAPP": "wa",
    "SMS": "sms",
    "EMAIL": "email",
    "FACEBOOK": "fb",
    "INSTAGRAM": "ig",
    "TELEGRAM": "tg",
    "TWITTER": "tw",
    "WEBSITE": "web",
    "PUSH": "push",
    "OA": "oa",
}

# Source: 5706-5713
INBOUND_TYPES = ("audio", "document", "image", "location", "system", "text", "video", "voice")
# Source: 6367-6378
OUTBOUND_TYPES = (*INBOUND_TYPES, "contacts", "template", "optin", "optout")
# Source: 6044-6047
WRAPPER_TYPES = ("messages", "actions", "events", "statuses")
# Source: 7415-7417
BUTTON_TYPES = ("QUICK_REPLY", "URL", "PHONE_NUMBER")
# Source: 5778-5782
CALLBACK_STATUSES = ("READ", "DLVRD", "SENT", "FAILD", "DELTD")
# Source: 6854-6873
STATUSES = (
    *("SCHLD", "CRTD", "INIT", "SENT", "SENT_ERR", "SENT_EXC", "SENTX", "SENTX_ERR", "DLVRD", "READ", "NSENT"),
    *("BLCKD", "LIMIT", "FAILD", "DELTD", "CCWIN", "RECEIVD", "FORWARDED", "FORWARD_ERR", "STATUS_FORWARD_ERR"),
)
# Source: 5250-5254
LABEL_TYPES = ("TEXT", "DATE", "NUMBER", "LIST")
LABEL_FORMATS = ("MM/DD/YY",)
# Source: 4462-4465
MEDIA_TYPES = ("IMAGE", "DOCUMENT", "TEXT", "PDF", "VIDEO", "URL")

# Source: 4999-5183, in its order; the Philippines stand after Tagalog.
# fmt: off
LANGUAGES = (
    "AB", "AE", "AF", "AK", "AM", "AN", "AR", "AS", "AV", "AY", "AZ", "BA", "BE", "BG", "BH", "BI", "BM", "BN", "BO",
    "BR", "BS", "CA", "CE", "CH", "CO", "CR", "CS", "CU", "CV", "CY", "DA", "DE", "DV", "DZ", "EE", "EL", "EN", "EO",
    "ES", "ET", "EU", "FA", "FF", "FI", "FJ", "FO", "FR", "FY", "GA", "GD", "GL", "GN", "GU", "GV", "HA", "HI", "HO",
    "HR", "HT", "HU", "HY", "HZ", "IA", "IN", "IE", "IG", "II", "IK", "IO", "IS", "IT", "IU", "IW", "JA", "JI", "JV",
    "KA", "KG", "KI", "KJ", "KK", "KL", "KM", "KN", "KO", "KR", "KS", "KU", "KV", "KW", "KY", "LA", "LB", "LG", "LI",
    "LN", "LO", "LT", "LU", "LV", "MG", "MH", "MI", "MK", "ML", "MN", "MO", "MR", "MS", "MT", "MY", "NA", "NB", "ND",
    "NE", "NG", "NL", "NN", "NO", "NR", "NV", "NY", "OC", "OJ", "OM", "OR", "OS", "PA", "PI", "PL", "PS", "PT", "QU",
    "RM", "RN", "RO", "RU", "RW", "SA", "SC", "SD", "SE", "SG", "SI", "SK", "SL", "SM", "SN", "SO", "SQ", "SR", "SS",
    "ST", "SU", "SV", "SW", "TA", "TE", "TG", "TH", "TI", "TK", "TL", "PH", "TN", "TO", "TR", "TS", "TT", "TW", "TY",
    "UG", "UK", "UR", "UZ", "VE", "VI", "VO", "WA", "WO", "XH", "YO", "ZA", "ZH", "ZU",
)
# fmt: on
