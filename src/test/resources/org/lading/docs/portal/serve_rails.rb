# Serves the Rails snippet at 127.0.0.1: serve_rails.rb PORT
require "action_controller"
require "jwt"
require "rack/handler/webrick"

class ApplicationController < ActionController::Base
end

require_relative "archives_controller"

routes = ActionDispatch::Routing::RouteSet.new
routes.draw do
  get "portal/archive", to: "archives#archive"
  get "portal/link", to: "archives#link"
end

Rack::Handler::WEBrick.run(
  routes, Host: "127.0.0.1", Port: ARGV[0].to_i, AccessLog: [], Logger: WEBrick::Log.new(nil, 0)
)
