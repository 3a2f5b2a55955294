#import "PLQuirks.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool pl_quirk(const char *name) {
  const char *quirks = getenv("STANDIN_QUIRKS");
  if (quirks == NULL) return false;
  char wanted[64];
  snprintf(wanted, sizeof wanted, ",%s,", name);
  return strstr(quirks, wanted) != NULL;
}
