/** What relay and gateway have in common as handlers of HTTP exchanges. Not exported. */
package dev.masque.ohttp.exchange;
