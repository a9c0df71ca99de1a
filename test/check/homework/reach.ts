/** Why there is no page to look at, in words. */
import type { Text } from './settings.ts';

const OPEN_MS = 8000;
const CERTIFICATE = /CERT|SELF_SIGNED|ERR_SSL|UNABLE_TO/;

/** Asks for the page once, without a browser. @returns what is in the way */
export async function troubleWith(url: string): Promise<Text | undefined> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(OPEN_MS) });
    if (status < 400) return undefined;
    return {
      en: `${url} answers ${status}. Is the page at another path (--page PATH)?`,
      zh: `${url} 的状态码是 ${status}。页面在别的路径上吗（--page 路径）？`,
    };
  } catch (error) {
    return inTheWay(url, codeOf(error));
  }
}

/** @param code what Node or the browser calls it: ECONNREFUSED, ERR_UNSAFE_PORT */
export function inTheWay(url: string, code: string): Text {
  const { port, host, hostname } = new URL(url);
  if (/bad port|UNSAFE_PORT/.test(code))
    return {
      en: `Browsers refuse port ${port}, whatever listens there. Let your server listen at another, such as 5000.`,
      zh: `浏览器拒绝访问端口 ${port}，无论那里有什么程序。请让服务器使用别的端口，例如 5000。`,
    };
  if (CERTIFICATE.test(code))
    return {
      en: `The certificate of ${host} is not trusted (${code}). Start your server without it, as http.`,
      zh: `${host} 的证书不受信任（${code}）。请不用证书、以 http 启动服务器。`,
    };
  if (/PROXY|TUNNEL/.test(code))
    return {
      en: `A proxy stands between the browser and ${host} (${code}): unset http_proxy, or name ${hostname} in no_proxy.`,
      zh: `浏览器与 ${host} 之间有代理（${code}）：请取消 http_proxy，或把 ${hostname} 写进 no_proxy。`,
    };
  return {
    en: `Nobody answers at ${url} (${code}). Is your server running, and is this its address?`,
    zh: `${url} 没有响应（${code}）。你的服务器在运行吗？地址对吗？`,
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `${OPEN_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = Reflect.get(cause, 'code');
  return typeof code === 'string' ? code : cause.message;
}
