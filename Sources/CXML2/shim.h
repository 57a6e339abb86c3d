#pragma once
#include <libxml/xmlversion.h>
/* Debian's libxml2 is built with ICU and would include ICU's headers, which clash with the ICU inside Foundation. Only the tail of
   xmlCharEncodingHandler depends on this, and nothing here touches that struct. */
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <libxml/xmlwriter.h>
#include <libxml/xmlerror.h>

/* libxml2's allocator is a mutable global function pointer, which Swift must not touch. */
static inline void xml2_free(void *pointer) { xmlFree(pointer); }
