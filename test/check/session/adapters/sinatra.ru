# Sinatra's own sessions: in an encrypted cookie, its default, or with STORE=pool in Rack's pool in memory.
require 'sinatra/base'
require 'json'

class Adapter < Sinatra::Base
  set :environment, :production
  set :show_exceptions, false
  set :raise_errors, false
  set :dump_errors, false
  set :session_secret, 'a secret for the checker and of no other use, which has to be long: 64 or more'
  set :sessions, { httponly: true, same_site: :lax, expire_after: ENV['IDLE']&.to_i }.compact
  set :session_store, Rack::Session::Pool if ENV['STORE'] == 'pool'

  before do
    session.options[:secure] = request.ssl?
    content_type 'text/plain', charset: 'utf-8'
  end

  helpers do
    def pause
      sleep(params['ms'].to_i / 1000.0)
    end
  end

  get('/get') { session[params['key']] || 404 }
  get('/all') { session.to_hash.to_json }
  get('/whoami') { session['user'] || '' }
  get('/count') do
    pool = ObjectSpace.each_object(Rack::Session::Pool).first
    pool ? pool.pool.size.to_s : 404
  end
  post('/set') do
    session['user']
    pause
    session[params['key']] = params['value']
    'done'
  end
  post('/del') do
    session.delete(params['key'])
    'done'
  end
  post('/login') do
    session['user']
    pause
    session.options[:renew] = true
    session['user'] = params['user']
    'done'
  end
  post('/logout') do
    session.clear
    session.options[:drop] = true if ENV['STORE'] == 'pool'
    'done'
  end
  post('/fail') do
    session[params['key']] = params['value']
    raise 'this handler fails on purpose'
  end
end

run Adapter
