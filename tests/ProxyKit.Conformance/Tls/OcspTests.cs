using ProxyKit.Conformance.Clients;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Conformance.Tls;

/// <summary>What an authority says of a certificate goes with it to clients that ask: <c>ocsp-update</c>.</summary>
public sealed class OcspTests() : ProxyTest(Carrier.Sockets)
{
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, true)]
    public async Task Answer_of_the_responder_goes_with_the_certificate(bool ofBind, bool? own)
    {
        await using var responder = new OcspResponder();
        await ServeAsync(responder.CertificatePath, ofBind, own);

        // It is asked in the background: who comes before it has answered is not told.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        string said;
        do
        {
            late.Token.ThrowIfCancellationRequested();
            said = await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, "-status", "-servername", "localhost");
        }
        while (!said.Contains("OCSP Response Status: successful", StringComparison.Ordinal));

        Assert.Contains("Cert Status: good", said, StringComparison.Ordinal);
        Assert.Equal(1, responder.Asked);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, false)]
    public async Task Nobody_is_asked_unless_that_is_said(bool ofBind, bool? own)
    {
        await using var responder = new OcspResponder();
        await ServeAsync(responder.CertificatePath, ofBind, own);

        var said = await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, "-status", "-servername", "localhost");

        Assert.Contains("OCSP response: no response sent", said, StringComparison.Ordinal);
        Assert.Equal(0, responder.Asked);
    }

    private Task ServeAsync(string certificate, bool ofBind, bool? own) => StartAsync(proxy => proxy.AddFrontend("public", f => f
        .Bind("127.0.0.1:0", bind => bind.Tls(certificate, tls =>
        {
            tls.CertificatePath = null; // it says something of its own
            tls.StaplesOcsp = ofBind;
            tls.AddCertificate(certificate, c => c.StaplesOcsp = own);
        }))
        .OnRequest(static rules => rules.Return(Reply.Text("", "text/plain")))));
}
