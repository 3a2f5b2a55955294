// The regulatory logger of phones sold in mainland China; on others nobody loads it. It writes to the unified log, here
// to the process's own. Source: call graphs, facts F; which image has these functions on a phone is not known.
#include <stdio.h>

static void note(const char *what) { fprintf(stderr, "GreenTea: %s\n", what); }

void plslogGreenTeaReadingPhotosOrVideos(void) { note("reading photos or videos"); }
void plslogGreenTeaTransmittingPhotosOrVideos(void) { note("transmitting photos or videos"); }
void plslogGreenTea(void) { note("location"); }
