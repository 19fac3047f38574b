/**
 * The transport for HTTP/3 on kwik, and what contains kwik's defects, each in a class of its own with a test on both sides:
 * {@code KwikDefectsIT} shows that kwik still has them, {@code ContainmentIT} and others that no user meets them.
 *
 * <table>
 * <caption>What kwik 0.10.8 does, and what contains it</caption>
 * <tr><th>Defect</th><th>Class</th></tr>
 * <tr><td>written bytes are left unsent for ever</td><td>{@code StallGuard}</td></tr>
 * <tr><td>datagrams overtake each other and wait without bound</td><td>{@code DatagramQueue}</td></tr>
 * <tr><td>a probe sends a datagram a second time</td><td>{@code SentOnce}</td></tr>
 * <tr><td>the congestion window does not grow on datagrams, and its floor is under two packets</td>
 *     <td>{@code CongestionRepair}</td></tr>
 * <tr><td>acknowledgements that come too early are losses; a round trip of 0 ms loses everything</td>
 *     <td>{@code AckTiming}</td></tr>
 * <tr><td>the largest datagram that it allows is never sent</td><td>{@code MaxDatagramSize}</td></tr>
 * <tr><td>an aborted read keeps the credit of the connection</td><td>{@code StreamReader}, which drains</td></tr>
 * <tr><td>what has arrived is lost when the connection closes</td><td>{@code LastBytes}</td></tr>
 * <tr><td>reads have no time-out; wake-ups are lost</td><td>{@code Leftovers}</td></tr>
 * <tr><td>flow control remembers every stream that was reset</td><td>{@code Leftovers}</td></tr>
 * <tr><td>an error on the server's socket ends the process</td><td>{@code SafeDatagramSocket}</td></tr>
 * <tr><td>packets received, and connections of which any datagram makes one, wait without bound</td>
 *     <td>{@code ReceiveBound}, {@code ClientSocket}</td></tr>
 * <tr><td>an answer to a ClientHello that comes too early is thrown away</td>
 *     <td>{@code FirstAnswerSocket}</td></tr>
 * <tr><td>closing throws away the end of a handshake</td><td>{@code Farewell}</td></tr>
 * <tr><td>closing a server takes up to 30 s, its timer longer</td><td>{@code Kwik}</td></tr>
 * <tr><td>an internal error leaves threads, and says nothing</td><td>{@code SenderEnd}, {@code PacketWatch}</td></tr>
 * <tr><td>codes of resets are dropped</td><td>{@code PacketWatch}</td></tr>
 * <tr><td>early data is accepted for any request</td><td>{@code ServerTls}, which issues no tickets</td></tr>
 * <tr><td>one certificate for ever</td><td>{@code ServerTls}</td></tr>
 * </table>
 *
 * <p>Not contained: a client whose address changes
 * loses its connection, since kwik does not validate paths; four threads of the platform per connection of a server.
 */
@org.jspecify.annotations.NullMarked
package dev.masque.kwik;
