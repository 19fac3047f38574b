/** Which addresses tunnels leave from: pools that are registered to places, and the choice among them. */
package dev.masque.server.egress;
