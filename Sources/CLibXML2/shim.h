// What Swift cannot import from libxml2, or not safely: the allocator's function pointers, the error
// structure whose constness changed in 2.12, and the parser's table of callbacks.
//
// Every function here keeps its state in what the caller hands in, so that it may run on any thread and beside
// other users of the library in the same process. None touches libxml2's process-wide error handlers; the thread's own
// is borrowed for one call where there is no other way.

#ifndef NESTOR_CLIBXML2_SHIM_H
#define NESTOR_CLIBXML2_SHIM_H

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlsave.h>
#include <libxml/xmlschemastypes.h>
#include <libxml/xmlversion.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if LIBXML_VERSION >= 21200
typedef const xmlError *clx_error_ptr;
#else
typedef xmlErrorPtr clx_error_ptr;
#endif

/// Called once for each error or warning, on the thread that met it. `message` may be NULL; `element` is the name
/// of the element concerned and `parent` that of the element around it, each NULL where libxml2 does not say.
typedef void (*clx_report)(void *context, int code, int level, long line, int column, const char *message,
                           const char *element, const char *parent);

/// Where errors go; it must outlive the call that it is given to.
typedef struct clx_sink {
  clx_report report;
  void *context;
  /// Set to 1 when the parser met a document type declaration and was stopped there.
  int doctype;
  /// Set to 1 when a rule for namespaces was broken, a prefix that nothing declares above all.
  int namespaces;
} clx_sink;

/// Frees what libxml2 allocated (xmlFree is a variable, which Swift 6 refuses to read).
static inline void clx_free(void *memory) {
  if (memory != NULL) xmlFree(memory);
}

static inline void clx_forward(void *data, clx_error_ptr error) {
  clx_sink *sink = (clx_sink *)data;
  if (sink == NULL || sink->report == NULL || error == NULL) return;
  const char *element = NULL, *parent = NULL;
  long line = error->line;
  if (error->domain == XML_FROM_RELAXNGV && error->node != NULL) {
    xmlNodePtr node = (xmlNodePtr)error->node;
    if (node->type == XML_ATTRIBUTE_NODE || node->type == XML_TEXT_NODE) node = node->parent;
    if (node != NULL && node->type == XML_ELEMENT_NODE) {
      element = (const char *)node->name;
      line = xmlGetLineNo(node);
      if (node->parent != NULL && node->parent->type == XML_ELEMENT_NODE) parent = (const char *)node->parent->name;
    }
  }
  sink->report(sink->context, error->code, (int)error->level, line, error->int2, error->message, element, parent);
}

static inline void clx_parser_error(void *data, clx_error_ptr error) {
  xmlParserCtxtPtr parser = (xmlParserCtxtPtr)data;
  if (parser == NULL || parser->_private == NULL) return;
  // libvirt takes any string as a namespace's name, and so do we: that it is no URI is no reason to refuse it.
  if (error->domain == XML_FROM_NAMESPACE) {
    if (error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE) return;
    ((clx_sink *)parser->_private)->namespaces = 1;
  }
  clx_forward(parser->_private, error);
}

static inline void clx_refuse_doctype(void *data, const xmlChar *name, const xmlChar *external,
                                      const xmlChar *system) {
  (void)name, (void)external, (void)system;
  xmlParserCtxtPtr parser = (xmlParserCtxtPtr)data;
  if (parser->_private != NULL) ((clx_sink *)parser->_private)->doctype = 1;
  xmlStopParser(parser);
}

/// Parses UTF-8 text. No file and no network address is ever opened, a document type declaration ends the parse
/// before any entity exists, and documents that break the rules for namespaces are refused. Returns NULL on any
/// error; the caller frees the document with xmlFreeDoc.
static inline xmlDocPtr clx_read_memory(const char *bytes, int size, clx_sink *sink) {
  xmlParserCtxtPtr parser = xmlNewParserCtxt();
  if (parser == NULL) return NULL;
  sink->doctype = 0;
  sink->namespaces = 0;
  parser->_private = sink;
  parser->sax->serror = (xmlStructuredErrorFunc)clx_parser_error;
  parser->sax->internalSubset = clx_refuse_doctype;
  xmlDocPtr document =
      xmlCtxtReadMemory(parser, bytes, size, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
  if (document != NULL && (!parser->wellFormed || sink->namespaces || sink->doctype)) {
    xmlFreeDoc(document);
    document = NULL;
  }
  xmlFreeParserCtxt(parser);
  return document;
}

/// Loads a RELAX NG schema and what it includes from local files. NULL on any error.
static inline xmlRelaxNGPtr clx_load_schema(const char *path, clx_sink *sink) {
  xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(path);
  if (parser == NULL) return NULL;
  xmlRelaxNGSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)clx_forward, sink);
  xmlRelaxNGPtr schema = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  return schema;
}

/// 0 when the document is valid, a positive number when not, negative when libxml2 failed itself.
static inline int clx_validate(xmlRelaxNGPtr schema, xmlDocPtr document, clx_sink *sink) {
  xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(schema);
  if (validator == NULL) return -1;
  xmlRelaxNGSetValidStructuredErrors(validator, (xmlStructuredErrorFunc)clx_forward, sink);
  int result = xmlRelaxNGValidateDoc(validator, document);
  xmlRelaxNGFreeValidCtxt(validator);
  return result;
}

static inline void clx_xpath_message(void *data, const char *format, ...) {
  clx_sink *sink = (clx_sink *)data;
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  // The name of a function of libxml2 comes first.
  const char *colon = strstr(text, ": ");
  sink->report(sink->context, XML_XPATH_EXPR_ERROR, XML_ERR_ERROR, 0, 0, colon != NULL ? colon + 2 : text, NULL, NULL);
}

/// Compiles and evaluates an XPath expression with a bound on its work. NULL when it is wrong or too costly.
static inline xmlXPathObjectPtr clx_evaluate(xmlXPathContextPtr context, const char *expression, clx_sink *sink) {
  context->userData = sink;
  context->error = (xmlStructuredErrorFunc)clx_forward;
  context->opLimit = 5000000;
  // Of functions that it does not know libxml2 tells the thread's generic handler only, which writes to standard error.
  xmlGenericErrorFunc handler = xmlGenericError;
  void *handler_data = xmlGenericErrorContext;
  xmlSetGenericErrorFunc(sink, clx_xpath_message);
  xmlXPathObjectPtr object = xmlXPathEvalExpression((const xmlChar *)expression, context);
  xmlSetGenericErrorFunc(handler_data, handler);
  return object;
}

#endif
