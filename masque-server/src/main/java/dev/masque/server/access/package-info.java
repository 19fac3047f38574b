/** Which targets a proxy may reach: rules on names, addresses and ports over a default of public unicast addresses only. */
package dev.masque.server.access;
