/** Values of MASQUE proxying: targets, templates, statuses, errors. */
package dev.masque.core;
