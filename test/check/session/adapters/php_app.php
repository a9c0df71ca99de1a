<?php
// PHP's own sessions, with the settings that its manual recommends ("Securing Session INI Settings").
$idle = (int) getenv('IDLE');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$folder = getenv('FOLDER');
header('Content-Type: text/plain; charset=utf-8');
if ($path === '/count') {
    echo count(glob("$folder/sess_*"));
    return;
}
// Without the garbage collector at each request, the idle end comes whenever it happens to run.
$expiry = $idle ? ['gc_maxlifetime' => $idle, 'gc_probability' => 1, 'gc_divisor' => 1] : [];
session_start([
    'save_path' => $folder,
    'use_strict_mode' => 1,
    'use_only_cookies' => 1,
    'cookie_httponly' => 1,
    'cookie_samesite' => 'Lax',
    'cookie_secure' => ($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https' ? 1 : 0,
] + $expiry);

function pause(): void
{
    usleep(1000 * (int) ($_POST['ms'] ?? 0));
}

switch ($path) {
    case '/get':
        if (isset($_SESSION[$_GET['key']])) echo $_SESSION[$_GET['key']];
        else http_response_code(404);
        break;
    case '/all':
        echo json_encode((object) $_SESSION);
        break;
    case '/whoami':
        echo $_SESSION['user'] ?? '';
        break;
    case '/set':
        pause();
        $_SESSION[$_POST['key']] = $_POST['value'];
        break;
    case '/del':
        unset($_SESSION[$_POST['key']]);
        break;
    case '/login':
        pause();
        session_regenerate_id(true);
        $_SESSION['user'] = $_POST['user'];
        break;
    case '/logout':
        $_SESSION = [];
        $cookie = session_get_cookie_params();
        unset($cookie['lifetime']);
        setcookie(session_name(), '', ['expires' => time() - 42000] + $cookie);
        session_destroy();
        break;
    case '/fail':
        $_SESSION[$_POST['key']] = $_POST['value'];
        throw new Exception('this handler fails on purpose');
    default:
        http_response_code(404);
}
