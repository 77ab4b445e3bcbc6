/* The picture that is in force, for whoever changes the files. */
#ifndef CONFIG_CONFIG_STATE_H
#define CONFIG_CONFIG_STATE_H

/* This process changed a file: the next picture is taken anew. */
void config_stale(void);

#endif
