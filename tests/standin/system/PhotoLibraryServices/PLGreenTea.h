// Tells the regulatory logger, on a phone that has one: "Reading", "Transmitting", "".
void pl_green_tea(const char *what);
