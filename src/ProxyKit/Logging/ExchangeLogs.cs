using System.Net;
using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>Chooses the log of a proxy.</summary>
internal static class ExchangeLogs
{
    public static IExchangeLog For(ILoggerFactory? factory) { _ = factory; return new Silent(); }

    private sealed class Silent : IExchangeLog
    {
        public bool IsAccessEnabled => false;
        public void Ended(in ExchangeRecord record) { }
        public void Refused(EndPoint? client, string frontend, string reason) { }
        public void AcceptFailed(EndPoint? address, string reason) { }
        public void HandshakeFailed(EndPoint? client, string frontend, string reason) { }
        public void Failed(Exception exception, string frontend) => Console.Error.WriteLine(exception);
    }
}
